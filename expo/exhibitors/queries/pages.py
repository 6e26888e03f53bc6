"""Reads of companies' pages: what they show, and how complete they are."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, exists, func, or_, select
from sqlalchemy.orm import InstrumentedAttribute, aliased

from expo.exhibitors.errors import ExhibitorMissing
from expo.exhibitors.models import (
    Category,
    Document,
    Exhibitor,
    ExhibitorCategory,
    ExhibitorPage,
    ExhibitorTopic,
    Product,
    ProductPicture,
)
from expo.exhibitors.queries.companies import CategoryName, ExhibitorRow, get_any_exhibitor, is_listed
from expo.exhibitors.queries.documents import DocumentRow, list_documents
from expo.exhibitors.queries.products import ProductRow, list_products
from expo.exhibitors.rules import ExhibitorState
from expo.exhibitors.rules.pages import Completeness, PageFacts, rate_page
from expo.exhibitors.rules.topics import TopicKind
from expo.infra.db import db
from expo.infra.files import StoredFile


@dataclass(frozen=True)
class CompanyPage:
    """Everything that a company's page shows; pictures and documents by the keys of their files."""

    company: ExhibitorRow
    is_public: bool
    tagline: Mapping[str, str]
    links: tuple[str, ...]
    videos: tuple[str, ...]
    logo_key: str | None
    banner_key: str | None
    offers: tuple[str, ...]
    seeks: tuple[str, ...]
    products: tuple[ProductRow, ...]
    documents: tuple[DocumentRow, ...]

    @property
    def picture_keys(self) -> frozenset[str]:
        """The keys of all pictures on the page."""
        own = {key for key in (self.logo_key, self.banner_key) if key}
        return frozenset(own.union(*(product.pictures for product in self.products)))

    @property
    def completeness(self) -> Completeness:
        """How complete the page is."""
        return rate_page(
            PageFacts(
                tagline=self.tagline,
                description=self.company.description,
                has_logo=self.logo_key is not None,
                has_banner=self.banner_key is not None,
                has_website=bool(self.company.website),
                categories=len(self.company.categories),
                topics=len(self.offers) + len(self.seeks),
                products=len(self.products),
                pictures=sum(len(product.pictures) for product in self.products),
                documents=len(self.documents),
            )
        )


def get_page(edition_id: int, slug: str) -> CompanyPage:
    """Return the page of a company, whether visitors see it or not. Raises ExhibitorMissing."""
    company = get_any_exhibitor(edition_id, slug)
    state, is_hidden = db.session.execute(
        select(Exhibitor.state, Exhibitor.is_hidden).where(Exhibitor.id == company.id)
    ).one()
    logo, banner = aliased(StoredFile), aliased(StoredFile)
    found = db.session.execute(
        select(ExhibitorPage.tagline, ExhibitorPage.links, ExhibitorPage.videos, logo.key, banner.key)
        .outerjoin(logo, logo.id == ExhibitorPage.logo_id)
        .outerjoin(banner, banner.id == ExhibitorPage.banner_id)
        .where(ExhibitorPage.exhibitor_id == company.id)
    ).one_or_none()
    tagline, links, videos, logo_key, banner_key = found or ({}, [], [], None, None)
    chosen = db.session.execute(
        select(ExhibitorTopic.kind, ExhibitorTopic.topic)
        .where(ExhibitorTopic.exhibitor_id == company.id, ExhibitorTopic.is_chosen)
        .order_by(ExhibitorTopic.topic)
    ).all()
    return CompanyPage(
        company=company,
        is_public=state == ExhibitorState.APPROVED.value and not is_hidden,
        tagline=tagline,
        links=tuple(links),
        videos=tuple(videos),
        logo_key=logo_key,
        banner_key=banner_key,
        offers=tuple(topic for kind, topic in chosen if kind == TopicKind.OFFERS.value),
        seeks=tuple(topic for kind, topic in chosen if kind == TopicKind.SEEKS.value),
        products=tuple(list_products(company.id)),
        documents=tuple(list_documents(company.id)),
    )


def get_public_page(edition_id: int, slug: str) -> CompanyPage:
    """Return the page of a company that visitors may see. Raises ExhibitorMissing."""
    query = select(Exhibitor.id).where(is_listed(edition_id), Exhibitor.slug == slug)
    if db.session.scalar(query) is None:
        raise ExhibitorMissing
    return get_page(edition_id, slug)


def has_public_picture(edition_id: int, slug: str, key: str) -> bool:
    """Return whether a file is a picture on the page of a company that visitors may see."""
    file_id = db.session.scalar(select(StoredFile.id).where(StoredFile.key == key))
    if file_id is None:
        return False
    on_page = exists().where(
        ExhibitorPage.exhibitor_id == Exhibitor.id,
        or_(ExhibitorPage.logo_id == file_id, ExhibitorPage.banner_id == file_id),
    )
    of_product = exists().where(
        ProductPicture.file_id == file_id,
        ProductPicture.product_id == Product.id,
        Product.exhibitor_id == Exhibitor.id,
        Product.deleted_at.is_(None),
    )
    query = select(Exhibitor.id).where(is_listed(edition_id), Exhibitor.slug == slug, or_(on_page, of_product))
    return db.session.scalar(query) is not None


def list_categories(edition_id: int) -> list[CategoryName]:
    """Return all categories of an edition, also those without companies."""
    rows = db.session.execute(
        select(Category.slug, Category.name).where(Category.edition_id == edition_id).order_by(Category.slug)
    )
    return [CategoryName(slug, name) for slug, name in rows]


def rate_pages(edition_id: int, exhibitor_ids: Sequence[int] | None = None) -> dict[int, Completeness]:
    """Return how complete the pages of an edition's companies are, by exhibitor id; by default of all of them."""
    wanted = Exhibitor.edition_id == edition_id
    if exhibitor_ids is not None:
        wanted &= Exhibitor.id.in_(exhibitor_ids)
    found = db.session.scalars(
        select(ExhibitorPage).join(Exhibitor, Exhibitor.id == ExhibitorPage.exhibitor_id).where(wanted)
    )
    pages = {row.exhibitor_id: row for row in found}
    shown = Product.deleted_at.is_(None)
    categories = _count(wanted, ExhibitorCategory.exhibitor_id)
    topics = _count(wanted & ExhibitorTopic.is_chosen, ExhibitorTopic.exhibitor_id)
    documents = _count(wanted, Document.exhibitor_id)
    products = _count(wanted & shown, Product.exhibitor_id)
    pictures = dict(
        db.session.execute(
            select(Product.exhibitor_id, func.count())
            .join(ProductPicture, ProductPicture.product_id == Product.id)
            .join(Exhibitor, Exhibitor.id == Product.exhibitor_id)
            .where(wanted, shown)
            .group_by(Product.exhibitor_id)
        ).all()
    )
    rated = {}
    for company_id, description, website in db.session.execute(
        select(Exhibitor.id, Exhibitor.description, Exhibitor.website).where(wanted)
    ):
        page = pages.get(company_id)
        rated[company_id] = rate_page(
            PageFacts(
                tagline=page.tagline if page else {},
                description=description,
                has_logo=page is not None and page.logo_id is not None,
                has_banner=page is not None and page.banner_id is not None,
                has_website=bool(website),
                categories=categories.get(company_id, 0),
                topics=topics.get(company_id, 0),
                products=products.get(company_id, 0),
                pictures=pictures.get(company_id, 0),
                documents=documents.get(company_id, 0),
            )
        )
    return rated


def _count(wanted: ColumnElement[bool], column: InstrumentedAttribute[int]) -> dict[int, int]:
    """Return how many rows of a table refer to each of the companies by this column."""
    query = select(column, func.count()).join(Exhibitor, Exhibitor.id == column).where(wanted)
    return dict(db.session.execute(query.group_by(column)).all())
