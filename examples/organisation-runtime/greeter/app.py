import greetings
import organisation


def handler(event, context):
    return {"greeting": greetings.hello(event.get("name", "world")), "on": organisation.runtime()}
