"""Imported by the process that tests start copies of: all that `create_app()` would otherwise import in every copy."""

import pkgutil
from importlib import import_module

from expo import web

for _each in pkgutil.walk_packages(web.__path__, f"{web.__name__}."):
    import_module(_each.name)
