import logging

logging.getLogger().setLevel(logging.INFO)
logging.info("about to fail")
raise OSError(5, "Input/output error", "/dev/null")
