"""Forms built by organizers: their fields, the conditions under which fields are shown, and the answers given.

A form belongs to what refers to it (a call for proposals, a ticket type, an exhibitor application); this domain
knows only its edition and its purpose. What an answer may be is judged by the same pure rules for a page, the API
and an import. A field whose conditions are not met is neither asked nor stored.

NOUNS names the files that a room of this domain may be divided into.
"""

NOUNS = ("forms", "fields", "conditions", "answers")
