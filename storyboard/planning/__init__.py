"""The plan: what each shot asks for, what it costs, and what is there already. Pure.

briefs      what each shot asks of its model
values      takes, shots, scenes, the plan
planning    putting it together
covering    which shots a purchase covers
remarks     what is worth knowing before paying
data        the same for other programs
"""
