"""People, sign-in, roles, permissions and API tokens: who is acting, and what they may do.

An `Actor` is made once per request, job or command and handed down; every service asks `require()` before it acts.
A person has one account for all editions; roles are granted per edition; an API token belongs to one edition.

NOUNS names the files that a room of this domain may be divided into.
"""

NOUNS = (
    "people",
    "passwords",
    "links",
    "attempts",
    "sessions",
    "second_factors",
    "passkeys",
    "roles",
    "api_tokens",
    "actors",
)
