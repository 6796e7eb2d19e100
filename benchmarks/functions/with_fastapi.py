"""A function that is a FastAPI application behind mangum."""

from fastapi import FastAPI
from mangum import Mangum
from pydantic import BaseModel

app = FastAPI()


class Item(BaseModel):
    """What the application takes and gives."""

    id: int
    name: str
    tags: list[str] = []


@app.post("/items")
async def create(item: Item) -> Item:
    return item


@app.get("/items/{number}")
async def read(number: int) -> Item:
    return Item(id=number, name="item")


handler = Mangum(app, lifespan="off")
