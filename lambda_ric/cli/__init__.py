"""The command line. Only here is argparse imported; nothing of it runs in Lambda."""
