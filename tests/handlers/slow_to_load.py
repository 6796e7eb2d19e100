import time

print("loading", flush=True)
time.sleep(0.5)


def handler(event, context):
    return "served"
