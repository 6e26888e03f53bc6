"""Labels of the ways to pay on site."""

from flask_babel import lazy_gettext as _l

from expo.registration.rules import PaymentMethod

PAYMENT_METHODS = {
    PaymentMethod.CASH: _l("Cash"),
    PaymentMethod.CARD: _l("Card"),
    PaymentMethod.TRANSFER: _l("Bank transfer"),
}
