"""What stands behind the routes that carry an id, for the permission matrix (tests/web/test_permissions.py).

Each area of the console adds a module here:

    @behind("console:enterprise", "console:enterprise_print")
    def enterprise(c: Cast) -> Behind:
        row = …                                     # belongs to c.owner's district, cast.COUNTY
        return Behind({"pk": row.pk}, secrets=["橘洲快递有限公司"])

`secrets` are texts of the object that must not be in any answer to people who may not see it.
`everywhere=True`: the object belongs to no district (a role), other districts' administrators may open it.
`data` is a valid form of the route, so that a refusal is not merely a form error.
A route with arguments that has no entry fails the matrix; one without may have an entry too, for its `data`.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from importlib import import_module
from pathlib import Path
from typing import Any

from tests.cast import Cast


@dataclass(frozen=True)
class Behind:
    kwargs: dict[str, Any]
    secrets: list[str] = field(default_factory=list)
    everywhere: bool = False
    data: dict[str, Any] = field(default_factory=dict)


Factory = Callable[[Cast], Behind]
FACTORIES: dict[str, Factory] = {}


def behind(*names: str) -> Callable[[Factory], Factory]:
    def register(factory: Factory) -> Factory:
        for name in names:
            assert name not in FACTORIES, f"{name} has two factories"
            FACTORIES[name] = factory
        return factory

    return register


for _file in sorted(Path(__file__).parent.glob("*.py")):
    if _file.stem != "__init__":
        import_module(f"{__name__}.{_file.stem}")
