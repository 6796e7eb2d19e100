"""What all functions here do: answer or fail, as the event asks."""


def handler(event, context):
    if event.get("fail"):
        raise ValueError("boom")
    return {"sold": event.get("item")}
