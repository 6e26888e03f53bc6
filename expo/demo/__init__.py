"""The demo edition: believable people, companies, orders and arrivals, the same for the same seed.

`people` and `arrivals` are pure: they draw from a `random.Random` that is handed in (or made from a seed) and know no
database and no clock. `data/` holds what they draw from, with origin and licence in `data/NOTICE.md`. All e-mail
addresses stand under names that RFC 2606 reserves, so that no letter of a demo can reach anybody.
"""
