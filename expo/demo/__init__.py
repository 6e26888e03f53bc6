"""The demo edition: believable people, companies, orders and arrivals, reproducible from a seed.

`people` and `arrivals` are pure: they draw from a given `random.Random` (or one made from a seed) and use neither
database nor clock. `data/` holds their input, with origin and licence in `data/NOTICE.md`. All e-mail addresses use
domains reserved by RFC 2606, so that no e-mail of a demo can reach anybody.
"""
