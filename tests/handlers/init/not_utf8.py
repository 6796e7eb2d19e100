# ÿş
def handler(event, context): pass
