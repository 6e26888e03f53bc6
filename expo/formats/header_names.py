"""Column names in lists of people and companies in many languages; accents, case and punctuation do not matter."""

FULL_NAMES = (
    "full name", "fullname", "nom", "nome", "nume", "complete name", "display name", "attendee", "participant",
    "participant name", "delegate name", "visitor name", "guest name", "badge name", "name on badge",
    "name and surname", "name surname", "nom complet", "nom et prenom", "prenom et nom", "nom prenom",
    "nombre completo", "nombre y apellidos", "nombre y apellido", "nome completo", "nome e cognome",
    "cognome e nome", "vor- und nachname", "vollständiger name", "name, vorname", "volledige naam", "naam", "navn",
    "fulde navn", "namn", "nimi", "imię i nazwisko", "jméno a příjmení", "meno a priezvisko", "név", "teljes név",
    "nume și prenume", "nume complet", "ime i prezime", "ime in priimek", "ad soyad", "adı soyadı", "isim", "фио",
    "ф.и.о.", "имя и фамилия", "піб", "прізвище та ім'я", "име и фамилия", "ονοματεπώνυμο", "שם מלא", "שם",
    "الاسم الكامل", "نام", "نام و نام خانوادگی", "ชื่อ-นามสกุล", "ชื่อ", "họ và tên", "họ tên", "tên",
    "nama lengkap", "nama", "नाम", "पूरा नाम", "氏名", "お名前", "名前", "参加者名", "이름", "성명", "참가자명",
    "姓名", "参会者姓名", "參會者姓名", "參加者姓名", "嘉宾姓名", "联系人", "聯絡人",
)  # fmt: skip
FIRST_NAMES = (
    "given names", "given name(s)", "forename", "first names", "name first", "fname", "vorname", "prenom", "nombres",
    "nome proprio", "voornaam", "fornavn", "förnamn", "etunimi", "imię", "jméno", "křestní jméno", "krstné meno",
    "keresztnév", "utónév", "prenume", "ime", "adı", "ad", "имя", "ім'я", "име", "όνομα", "שם פרטי", "الاسم الأول",
    "tên đệm và tên", "nama depan", "पहला नाम", "名", "名字",
)  # fmt: skip
LAST_NAMES = (
    "last names", "surname(s)", "name last", "lname", "nachname", "familienname", "zuname", "nom de famille",
    "apellido", "apellidos", "cognome", "sobrenome", "apelido", "achternaam", "familienaam", "etternavn",
    "efternavn", "efternamn", "sukunimi", "nazwisko", "příjmení", "priezvisko", "vezetéknév", "családnév",
    "nume de familie", "prezime", "priimek", "soyad", "soyadı", "soyisim", "фамилия", "прізвище", "презиме",
    "επώνυμο", "שם משפחה", "اسم العائلة", "اللقب", "نام خانوادگی", "nama belakang", "उपनाम", "họ", "姓", "姓氏",
    "名字（姓）",
)  # fmt: skip
EMAILS = (
    "email addr", "email id", "mail address", "work email", "business email", "e-mail-adresse", "mailadresse",
    "adresse e-mail", "adresse email", "adresse mail", "adresse électronique", "courriel", "correo",
    "correo electrónico", "dirección de correo", "email corporativo", "endereço de e-mail", "correio eletrónico",
    "indirizzo e-mail", "indirizzo email", "posta elettronica", "e-mailadres", "mailadres", "e-post",
    "e-postadresse", "e-postadress", "e-mailadresse", "sähköposti", "sähköpostiosoite", "adres e-mail",
    "adres email", "e-mailová adresa", "e-mail cím", "email cím", "adresă de e-mail", "adresa de email", "e-posta",
    "eposta", "e-posta adresi", "электронная почта", "адрес электронной почты", "эл. почта", "почта",
    "електронна пошта", "имейл", "ηλεκτρονικό ταχυδρομείο", 'דוא"ל', "אימייל", "البريد الإلكتروني", "الإيميل",
    "ایمیل", "پست الکترونیک", "อีเมล", "thư điện tử", "địa chỉ email", "alamat email", "surel", "ईमेल", "メール",
    "メールアドレス", "eメール", "이메일", "이메일 주소", "전자우편", "邮箱", "电子邮箱", "电子邮件", "邮箱地址",
    "邮件", "電子郵件", "電子信箱", "電郵", "信箱",
)  # fmt: skip
COUNTRIES = (
    "land/region", "staat", "pays/région", "pays de résidence", "país/región", "paese", "nazione", "kraj", "państwo",
    "země", "stát", "krajina", "ország", "țară", "tara", "država", "ülke", "ülkesi", "страна", "країна", "държава",
    "χώρα", "ארץ", "מדינה", "البلد", "الدولة", "کشور", "ประเทศ", "quốc gia", "nước", "negara", "देश", "maa", "国",
    "国名", "国・地域", "国籍", "국가", "나라", "国家", "国家地区", "国家/地区", "國家", "國家/地區", "国别",
    "所在国家", "nationality", "nationalität", "nationalité", "nacionalidad", "citizenship",
)  # fmt: skip
COMPANIES = (
    "company/organization", "company/organisation", "organization name", "organisation name", "org", "business",
    "business name", "firm", "unternehmen", "firmenname", "organisation / firma", "entreprise", "société",
    "organisme", "nom de l'entreprise", "empresa", "compañía", "organización", "institución", "organização",
    "instituição", "azienda", "società", "ragione sociale", "ente", "bedrijf", "bedrijfsnaam", "organisatie",
    "virksomhed", "bedrift", "firmanavn", "företag", "yritys", "organisaatio", "nazwa firmy", "organizacja",
    "společnost", "spoločnosť", "cég", "cégnév", "companie", "firmă", "tvrtka", "podjetje", "şirket", "kurum",
    "firma adı", "компания", "организация", "место работы", "компанія", "організація", "фирма", "εταιρεία", "חברה",
    "ארגון", "الشركة", "المؤسسة", "جهة العمل", "شرکت", "سازمان", "บริษัท", "องค์กร", "công ty", "tổ chức", "đơn vị",
    "perusahaan", "instansi", "कंपनी", "会社", "会社名", "勤務先", "所属", "企業名", "회사", "회사명", "소속", "기관",
    "公司名称", "公司名稱", "工作单位", "单位", "机构", "企业", "企业名称", "機構", "服務單位", "參展商", "展商名称",
    "参展商", "参展企业",
)  # fmt: skip
JOB_TITLES = (
    "jobtitle", "designation", "function", "occupation", "profession", "funktion", "berufsbezeichnung", "stelle",
    "fonction", "poste", "intitulé du poste", "cargo", "puesto", "função", "ruolo", "qualifica", "functie",
    "functietitel", "stilling", "befattning", "tehtävä", "tehtävänimike", "stanowisko", "pozice", "pozícia",
    "beosztás", "funcție", "radno mjesto", "unvan", "ünvan", "görev", "должность", "посада", "длъжност", "θέση",
    "תפקיד", "المسمى الوظيفي", "الوظيفة", "سمت", "ตำแหน่ง", "chức vụ", "chức danh", "jabatan", "पद", "役職", "肩書",
    "직책", "직위", "职称", "职位", "職稱", "職位", "職務",
)  # fmt: skip
TICKET_TYPES = (
    "registration type", "registrant type", "attendee type", "participant type", "pass", "pass type",
    "admission item", "ticketart", "tickettyp", "ticketkategorie", "eintrittskarte", "type de billet", "billet",
    "catégorie", "tarif", "tipo de entrada", "entrada", "tipo de ingresso", "ingresso", "tipo de bilhete",
    "tipo de boleto", "tipo di biglietto", "biglietto", "tickettype", "type ticket", "billettype", "billett",
    "biljettyp", "biljett", "lipputyyppi", "lippu", "rodzaj biletu", "typ biletu", "bilet", "typ vstupenky",
    "vstupenka", "typ lístka", "jegytípus", "jegy", "tip bilet", "vrsta ulaznice", "bilet türü", "bilet tipi",
    "тип билета", "билет", "категория", "тип квитка", "квиток", "вид билет", "εισιτήριο", "τύπος εισιτηρίου",
    "סוג כרטיס", "نوع التذكرة", "التذكرة", "نوع بلیت", "ประเภทบัตร", "ประเภทตั๋ว", "loại vé", "hạng vé",
    "jenis tiket", "tiket", "टिकट", "チケット", "チケット種別", "券種", "티켓", "티켓 종류", "티켓 유형", "票种",
    "门票类型", "票种名称", "门票", "票类", "参会类型", "票種", "門票類型",
)  # fmt: skip
