"""Where a word still stands in the database, whatever is encrypted there."""

from tortoise import Model

from app import models

MODELS: list[type[Model]] = [getattr(models, name) for name in models.__all__]


async def places_of(word: str) -> set[str]:
    """Return the columns, as ``table.column``, in which any row holds a word."""
    return {
        f"{model._meta.db_table}.{name}"
        for model in MODELS
        for row in await model.all()
        for name in model._meta.db_fields
        if word in str(getattr(row, name))
    }
