"""Header rows in many languages and spellings: each column is recognized."""

import pytest

from expo.flows.attendee_import import COLUMNS
from expo.formats.headers import columns_of, fold_header, map_columns, shorten_header
from expo.formats.tables import read_records

KNOWN = columns_of(COLUMNS)
HEADS = (
    "First Name *,Last Name *,E-mail Address *,Country/Region *,Organisation,Job title,Ticket",
    "FIRST NAME,SURNAME,EMAIL,COUNTRY OF RESIDENCE,COMPANY NAME,DESIGNATION,TICKET TYPE",
    "Given name(s),Family name,Your e-mail,Nationality,Company/Organization,Position / Title,Registration type",
    "Vorname,Nachname,E-Mail-Adresse,Land,Firma,Funktion,Ticketart",
    "Vor- und Nachname,E-Mail,Land,Unternehmen,Position,Ticketkategorie",
    "Prénom,Nom,Adresse e-mail,Pays,Société,Fonction,Type de billet",
    "Nom complet,Courriel,Pays,Entreprise,Poste,Billet",
    "Nombre,Apellidos,Correo electrónico,País,Empresa,Cargo,Tipo de entrada",
    "Nome,Cognome,Indirizzo e-mail,Paese,Azienda,Ruolo,Tipo di biglietto",
    "Nome completo,E-mail,País,Empresa,Cargo,Tipo de ingresso",
    "Имя,Фамилия,Электронная почта,Страна,Компания,Должность,Тип билета",
    "ФИО,E-mail,Страна,Организация,Должность,Билет",
    "姓,名,メールアドレス,国,会社名,役職,チケット種別",
    "氏名,メール,国・地域,勤務先,役職,チケット",
    "이름,이메일,국가,회사,직책,티켓 종류",
    "الاسم,البريد الإلكتروني,البلد,الشركة,المسمى الوظيفي,نوع التذكرة",
    "姓名（必填）,电子邮箱（必填）,国家/地区,公司名称,职务,票种",
    "姓名*,邮箱地址*,国籍,工作单位,职位,门票类型",
    "參會者姓名,電子郵件,國家/地區,公司,職稱,票種",
    '"Name\n(as on passport)","E-mail\naddress",Country,Company,"Job\ntitle","Ticket\ntype"',
    "1. Full name,2. Email address,3. Country,4. Company,5. Job title,6. Ticket type",
    "Attendee First Name,Attendee Surname,Attendee Email,Home Country,Company,Job Title,Ticket Type",
    "name_first,name_last,email_addr,country_code,org,jobtitle,ticket_name",
    "firstName,lastName,emailAddress,countryCode,companyName,jobTitle,ticketType",
    "Ad,Soyad,E-posta,Ülke,Şirket,Unvan,Bilet türü",
    "Imię,Nazwisko,Adres e-mail,Kraj,Firma,Stanowisko,Rodzaj biletu",
    "Voornaam,Achternaam,E-mailadres,Land,Bedrijf,Functie,Tickettype",
    "Jméno,Příjmení,E-mail,Země,Firma,Pozice,Typ vstupenky",
    "Họ và tên,Email,Quốc gia,Công ty,Chức vụ,Loại vé",
    "Nama lengkap,Alamat email,Negara,Perusahaan,Jabatan,Jenis tiket",
    "ชื่อ-นามสกุล,อีเมล,ประเทศ,บริษัท,ตำแหน่ง,ประเภทบัตร",
    "नाम,ईमेल,देश,कंपनी,पद,टिकट",
    "Etunimi,Sukunimi,Sähköposti,Maa,Yritys,Tehtävä,Lipputyyppi",
    "Fornavn,Etternavn,E-post,Land,Bedrift,Stilling,Billettype",
    "Όνομα,Επώνυμο,Email,Χώρα,Εταιρεία,Θέση,Εισιτήριο",
    'שם מלא,דוא"ל,מדינה,חברה,תפקיד,סוג כרטיס',
    "نام,ایمیل,کشور,شرکت,سمت,نوع بلیت",
    "Ім'я,Прізвище,Електронна пошта,Країна,Компанія,Посада,Тип квитка",
    "Keresztnév,Vezetéknév,E-mail cím,Ország,Cég,Beosztás,Jegytípus",
    "Prenume,Nume,Adresă de e-mail,Țară,Companie,Funcție,Tip bilet",
    "Email,Name,Country,Company,Ticket type (EUR),Job title",
    "E‑mail,Full‑Name,Country,Company,Ticket–type,Role",
)


@pytest.mark.parametrize("head", HEADS)
def test_header_when_in_any_usual_language_or_spelling_then_every_column_is_found(head: str) -> None:
    table = read_records(f"{head}\nA,B,C,D,E,F,G\n".encode(), known=KNOWN)

    found = map_columns(table, COLUMNS)

    assert set(table.columns) - set(found.values()) == set()
    assert {"email", "country", "ticket_type"} <= set(found)
    assert "name" in found or "first_name" in found


@pytest.mark.parametrize("head", HEADS)
def test_header_when_titles_are_above_it_then_found(head: str) -> None:
    data = f"Expo 2027,,\nas of today,,\n\n{head}\nA,B,C,D,E,F,G\n".encode()

    assert [next(iter(row.cells.values())) for row in read_records(data, known=KNOWN).rows] == ["A"]


@pytest.mark.parametrize(
    ("name", "folded", "short"),
    [
        ("1. Your E-Mail (work)", "1. your e mail (work)", "e mail"),
        ("emailAddress", "email address", "email address"),
        ("Prénom :", "prenom", "prenom"),
        ("姓名（必填）", "姓名(必填)", "姓名"),
        ("Attendee's  Surname *", "attendee's surname", "surname"),
        ("Ticket\ntype", "ticket type", "ticket type"),
    ],
)
def test_header_when_folded_then_spellings_are_equal(name: str, folded: str, short: str) -> None:
    assert (fold_header(name), shorten_header(fold_header(name))) == (folded, short)


def test_header_when_two_columns_mean_one_field_then_the_exact_name_goes_first() -> None:
    table = read_records(b"Participant e-mail,E-mail,Name\na@x.example,b@x.example,Rosa\n")

    assert map_columns(table, {"email": ("e-mail",), "name": ()}) == {"email": "E-mail", "name": "Name"}
