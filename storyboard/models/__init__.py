"""The models that can make shots: what each is sent, what it can't do, and what that costs.

    request     what is sent, and the key that names what comes of it
    model       the door: what a shot asks for, and what a model has to answer
    lengths     how long a model's clips are, and how its API wants that written
    choices     what a storyboard can choose of a model
    price       what a request costs; nothing else computes a price
    row         a model as a row of the table
    keyframes   rows whose requests take many keyframes
    table       the rows

A new model is one row of `table.ROWS`, or any other `Model` in a table of one's own.
"""
