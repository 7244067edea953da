"""Never paid twice, never lost: every fault that can be made, counted at the service.

| faults | tests |
| --- | --- |
| killed at any step, the machine asleep or out of time | test_killed, test_clock |
| the answer to a payment never comes | test_lost_answers, test_machine |
| the service says no, or is not there | test_refusals |
| the service is odd while it is waited for | test_following |
| the clip does not come as it should | test_downloads |
| the disk is full, read-only, damaged, somebody else's | test_disk |
| several programs, several storyboards, caps | test_together |
| Ctrl-C, SIGTERM, cancelling | test_stopping |
| the key | test_key |
| prices and reports | test_costs |
| the service lies, in any order | test_lies |
| everything at random | test_chaos, test_sweep |

Longer runs are commands: `python -m tests.money.chaos` and `python -m tests.money.sweep`.
"""
