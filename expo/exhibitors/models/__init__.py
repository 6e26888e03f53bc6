"""Tables of exhibitors: companies with their categories, packages, applications, booths, and team members."""

from expo.exhibitors.models.applications import (
    Application,
    ApplicationFile,
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
from expo.exhibitors.models.edits import (
    BoothEdit,
)
from expo.exhibitors.models.favourites import (
    ExhibitorFavourite,
)
from expo.exhibitors.models.members import (
    Member,
)
from expo.exhibitors.models.merges import (
    FormerSlug,
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
from expo.exhibitors.models.page_views import (
    PageView,
)
from expo.exhibitors.models.pages import (
    ExhibitorPage,
)
from expo.exhibitors.models.plans import (
    FloorPlan,
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
from expo.exhibitors.models.topics import (
    EditionTopic,
    ExhibitorTopic,
)

__all__ = [
    "Application",
    "ApplicationFile",
    "ApplicationWindow",
    "Booth",
    "BoothEdit",
    "Category",
    "Document",
    "EditionTopic",
    "Exhibitor",
    "ExhibitorBooth",
    "ExhibitorCategory",
    "ExhibitorFavourite",
    "ExhibitorPage",
    "ExhibitorTask",
    "ExhibitorTopic",
    "FloorPlan",
    "FormerSlug",
    "Member",
    "Message",
    "Package",
    "PageView",
    "Product",
    "ProductPicture",
    "Service",
    "ServiceOrder",
    "TaskReminder",
    "TaskTick",
]
