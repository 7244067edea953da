"""The models that can make shots: what each is sent, what it can't do, and what that costs.

    request     what is sent, and the key that names what comes of it
    model       the door: what a shot asks for, and what a model has to answer
    lengths     how long a model's clips are, and how its API wants that written
    price       what a request costs; nothing else computes a price
    row         a model as a row of the table
    keyframes   rows whose requests take many keyframes
    table       the rows

A new model is one row of `table.ROWS`, or any other `Model` in a table of one's own.
"""

from storyboard.models.lengths import Lengths, in_frames, number, text, with_unit
from storyboard.models.model import Brief, Model, Problem, StillLimits
from storyboard.models.price import (
    Price,
    Sold,
    Tariff,
    by_option,
    minimum,
    per_block,
    per_second,
    per_take,
)
from storyboard.models.request import KEY_VERSION, Request, addresses, key_of
from storyboard.models.row import Evidence, ModelRow, Option
from storyboard.models.table import DRAFT, MODELS, Table, find
from storyboard.units.money import dollars

__all__ = [
    "DRAFT",
    "KEY_VERSION",
    "MODELS",
    "Brief",
    "Evidence",
    "Lengths",
    "Model",
    "ModelRow",
    "Option",
    "Price",
    "Problem",
    "Request",
    "Sold",
    "StillLimits",
    "Table",
    "Tariff",
    "addresses",
    "by_option",
    "dollars",
    "find",
    "in_frames",
    "key_of",
    "minimum",
    "number",
    "per_block",
    "per_second",
    "per_take",
    "text",
    "with_unit",
]
