"""Tables of exhibitors: companies with their categories, booths, teams, pages, tasks, services and messages."""

from expo.exhibitors.models.applications import (
    Application,
    ApplicationWindow,
)
from expo.exhibitors.models.booths import (
    Booth,
    ExhibitorBooth,
)
from expo.exhibitors.models.companies import (
    Category,
    Exhibitor,
    ExhibitorCategory,
)
from expo.exhibitors.models.documents import (
    Document,
)
from expo.exhibitors.models.members import (
    Member,
)
from expo.exhibitors.models.messages import (
    Message,
)
from expo.exhibitors.models.orders import (
    Service,
    ServiceOrder,
)
from expo.exhibitors.models.packages import (
    Package,
)
from expo.exhibitors.models.pages import (
    ExhibitorPage,
    ExhibitorWish,
)
from expo.exhibitors.models.products import (
    Product,
    ProductPicture,
)
from expo.exhibitors.models.tasks import (
    ExhibitorTask,
    TaskReminder,
    TaskTick,
)

__all__ = [
    "Application",
    "ApplicationWindow",
    "Booth",
    "Category",
    "Document",
    "Exhibitor",
    "ExhibitorBooth",
    "ExhibitorCategory",
    "ExhibitorPage",
    "ExhibitorTask",
    "ExhibitorWish",
    "Member",
    "Message",
    "Package",
    "Product",
    "ProductPicture",
    "Service",
    "ServiceOrder",
    "TaskReminder",
    "TaskTick",
]
