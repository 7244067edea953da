"""Everything goes wrong at random, and the service counts what came of it.

    python -m tests.money.chaos --rounds 1000 --seed 0
    python -m tests.money.chaos --rounds 1 --seed 417        that round again

A round draws from everything there is: one film or two with one store, several takes, shots between
the same stills, budgets and caps that change, programs that are killed at a point or a moment,
lost, cut and wrong answers, histories that are late, in pages, and full of strangers' requests,
prices that rise, `resolve`, `cancel` and `ledger rebuild` in between, and stores that are brought
back from a backup, damaged, or called by other names.

    draw.py       what a round has in it, drawn from its seed: a value
    lies.py       what the service does wrong
    ground.py     films, stores and the clock of a round
    play.py       plays it
    count.py      what came of it, by the service's own count

What is drawn is the same for the same seed; how the operating system lets the programs take turns
is not.
"""
