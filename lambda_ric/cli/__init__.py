"""The command line. The only folder that imports argparse; nothing in it runs in Lambda."""
