"""Names and companies of many languages, and the encodings that lists of them come in."""

WESTERN = ("cp1252", "iso8859_1", "iso8859_15", "mac_roman", "cp850")
CENTRAL = ("cp1250", "iso8859_2", "cp852", "mac_latin2")
BALTIC = ("cp1257", "iso8859_13")
CYRILLIC = ("cp1251", "koi8_r", "iso8859_5", "cp866", "mac_cyrillic")

# Language: encodings, names.
NAMES: dict[str, tuple[tuple[str, ...], str]] = {
    "de": (
        WESTERN,
        (
            "Jürgen Müller|Björn Schröder|Käthe Weiß|Günther Jäger|Sören Größer|Anke Hübner|Uwe Köhler|"
            "Jörg Bäcker GmbH|Lütke Söhne KG|Ute Groß"
        ),
    ),
    "fr": (
        WESTERN,
        (
            "Hélène Lefèvre|François Noël|Zoé Gauthier|Jérôme Crémieux|Benoît Châtelain|Maëlle Besançon|"
            "Agnès Guérin|Société Générale|André Pinçon|Loïc Kéréver"
        ),
    ),
    "es": (
        WESTERN,
        (
            "José Núñez|María Fernández|Begoña Ibáñez|Joaquín Muñoz|Íñigo Martínez|Ángel Gutiérrez|Sofía Peña|"
            "Compañía Española|Andrés Güell|Óscar Cañizares"
        ),
    ),
    "pt": (
        WESTERN,
        (
            "João Gonçalves|Inês Conceição|Luís Guimarães|Fábio Simões|Antônio Magalhães|Mônica Assunção|"
            "Sérgio Brandão|Câmara Municipal|Lúcia Leitão|Vinícius Araújo"
        ),
    ),
    "it": (
        WESTERN,
        (
            "Niccolò Bonucci|Nicolò Zaniolo|Mosè Cantù|Libertà Dalmazzo|Società Ligure|Università di Forlì|"
            "Giosuè Carducci|Cefalù Pietà|Salomè Perù|Noè Ponti"
        ),
    ),
    "sv": (
        WESTERN,
        (
            "Åsa Lindström|Björn Söderberg|Göran Åkesson|Märta Sjögren|Pär Nyström|Håkan Ström|Sören Öberg|"
            "Jönköping Energi|Örjan Hägg|Malmö Åkeri"
        ),
    ),
    "da": (
        WESTERN,
        (
            "Søren Kjær|Jørgen Nørgaard|Mette Sørensen|Bjørn Østergaard|Åse Møller|Pernille Kjærsgaard|"
            "Lærke Høj|Århus Kommune|Jens Ågård|Ærø Færge"
        ),
    ),
    "fi": (
        WESTERN,
        (
            "Päivi Hämäläinen|Jyrki Mäkelä|Väinö Järvinen|Hilkka Lähteenmäki|Eero Köngäs|Sämpylä Oy|"
            "Äänekosken Sähkö|Tiina Pöyry|Jääskeläinen Yrjö|Ville Pylvänäinen"
        ),
    ),
    "is": (
        ("cp1252", "iso8859_1"),
        (
            "Guðrún Þorsteinsdóttir|Sigríður Björnsdóttir|Þórður Jónsson|Ólafur Ragnarsson|Ásdís Guðmundsdóttir|"
            "Bjarni Ármannsson|Höskuldur Þráinsson|Ísbjörn Ægisson"
        ),
    ),
    "pl": (
        CENTRAL,
        (
            "Łukasz Wiśniewski|Małgorzata Dąbrowska|Paweł Wójcik|Agnieszka Jabłońska|"
            "Grzegorz Brzęczyszczykiewicz|Michał Żuławski|Śląsk Górniczy|Zdzisław Kołodziej|Bożena Kwaśniewska|"
            "Stanisław Gałązka"
        ),
    ),
    "cs": (
        CENTRAL,
        (
            "Jiří Dvořák|Božena Němcová|Tomáš Kučera|Zdeněk Procházka|Lukáš Říha|Věra Čáslavská|Ondřej Šťastný|"
            "Škoda Plzeň|Kateřina Hájková|František Koželuh"
        ),
    ),
    "sk": (
        CENTRAL,
        (
            "Ľudovít Štúr|Katarína Nováková|Ján Kováč|Zuzana Čaputová|Ľubomír Višňovský|Štefan Hríb|"
            "Žofia Mišíková|Železiarne Podbrezová|Peter Šťastný|Mária Kráľová"
        ),
    ),
    "hu": (
        CENTRAL,
        (
            "László Kovács|Győző Szőke|Erzsébet Kőszegi|Gergő Lőrincz|Éva Szűcs|Zoltán Fekete|Ágnes Tűzkő|"
            "Debreceni Gyógyszergyár|Ödön Jenő|Zsófia Mészáros"
        ),
    ),
    "ro": (
        CENTRAL,
        (
            "Ionuţ Pătraşcu|Ştefan Brânză|Mihăiţă Ţurcanu|Cătălina Rusănescu|Răzvan Lăcătuş|Bogdan Bălan|"
            "Ioana Crăciun|Bucureşti Energie|Ruxandra Fântână|Constantin Muşat"
        ),
    ),
    "hr": (
        CENTRAL,
        (
            "Ivica Šimić|Željka Đurić|Marko Čavić|Ante Žižić|Dražen Kovačević|Petra Žuvela|Hrvoje Đikić|"
            "Šibenik Građevina|Nikša Bašić|Snježana Kordić"
        ),
    ),
    "sl": (
        CENTRAL,
        (
            "Žiga Kovačič|Primož Trubar|Matjaž Škof|Anže Kopitar|Špela Rozin|Boštjan Čebular|Nejc Žnidaršič|"
            "Tovarna Železnikov|Mojca Šešek|Uroš Žerjav"
        ),
    ),
    "tr": (
        ("cp1254", "iso8859_9"),
        (
            "Ayşe Yılmaz|Gökhan Öztürk|Çağlar Güneş|İbrahim Şahin|Tuğba Işık|Müge Çelik|Oğuzhan Yıldız|"
            "Türk Telekom İstanbul|Barış Doğan|Şükrü Ağaoğlu"
        ),
    ),
    "lt": (
        BALTIC,
        (
            "Žydrūnas Ilgauskas|Rūta Meilutytė|Šarūnas Jasikevičius|Jūratė Gruodienė|Eglė Žukauskaitė|"
            "Mindaugas Piečaitis|Dovilė Šakalienė|Vilniaus Šilumos Tinklai|Ąžuolas Kęstutis|Ieva Ųsaitė"
        ),
    ),
    "lv": (
        BALTIC,
        (
            "Jānis Bērziņš|Ilze Kalniņa|Kārlis Zāle|Ģirts Ķēniņš|Žanete Liepiņa|Mārtiņš Krūmiņš|Inguna Sudraba|"
            "Rīgas Satiksme|Ēriks Ādamsons|Līga Ozoliņa"
        ),
    ),
    "et": (
        ("cp1257", "cp1252", "iso8859_15"),
        (
            "Jüri Pärn|Õnne Mägi|Kristjan Järvi|Sirje Tõnisson|Ülo Kõiv|Žanna Põldmäe|Pühajärve Mõis|Ants Lääts|"
            "Hõbe Kuldmäe"
        ),
    ),
    "ru": (
        CYRILLIC,
        (
            "Иван Петров|Ольга Смирнова|Дмитрий Кузнецов|Екатерина Щербакова|Сергей Юрьевич Волков|Анна Ёлкина|"
            "Андрей Жуков|ООО Ромашка|Татьяна Эйхенбаум|Николай Цыганов"
        ),
    ),
    "uk": (
        ("cp1251", "koi8_u", "iso8859_5", "mac_cyrillic"),
        (
            "Олексій Шевченко|Ірина Їжакевич|Андрій Ковальчук|Юлія Єфремова|Сергій Бойко|Наталія Ткаченко|"
            "Київстар Україна|Євген Цимбалюк|Віталій Кличко"
        ),
    ),
    "bg": (
        ("cp1251", "iso8859_5", "mac_cyrillic", "cp866"),
        (
            "Георги Димитров|Мария Иванова|Пламен Стоянов|Ваня Щерева|Любомир Ганев|Цветелина Янева|"
            "Ангел Ъгълов|Българска Банка|Румяна Желева"
        ),
    ),
    "sr": (
        ("cp1251", "iso8859_5", "mac_cyrillic"),
        (
            "Новак Ђоковић|Јелена Јанковић|Милош Теодосић|Љубица Ћирић|Душан Његош|Џејла Рамовић|Снежана Вукић|"
            "Београдска Пивара"
        ),
    ),
    "el": (
        ("cp1253", "iso8859_7"),
        (
            "Γιώργος Παπαδόπουλος|Ελένη Αντωνίου|Κωνσταντίνος Μητσοτάκης|Άννα Βίσση|Νίκος Καζαντζάκης|"
            "Ευαγγελία Ξενάκη|Εθνική Τράπεζα|Χρήστος Ψάλτης"
        ),
    ),
    "he": (
        ("cp1255", "iso8859_8"),
        "דוד כהן|שרה לוי|יצחק רבין|מרים גולן|נועה קירל|אברהם פרידמן|רחל צבי|תעשיות אלביט|משה בן חיים",
    ),
    "ar": (
        ("cp1256", "iso8859_6"),
        (
            "محمد أحمد|فاطمة الزهراء|عبد الله بن سعود|خالد العتيبي|نورة القحطاني|يوسف إبراهيم|"
            "شركة أرامكو السعودية|هند المنصوري|عائشة المرزوقي"
        ),
    ),
    "fa": (("cp1256",), "علی رضایی|زهرا حسینی|محمد احمدی|پروین پژمان|گلناز چمران|شرکت ملی نفت|شاهرخ ژاله"),
    "th": (
        ("cp874", "tis_620"),
        "สมชาย ใจดี|สุนีย์ วงศ์ทอง|ประยุทธ์ จันทร์โอชา|กมลวรรณ ศรีสุข|บริษัท ปูนซิเมนต์ไทย|วิชัย รักไทย",
    ),
    "vi": (
        ("cp1258",),
        ("Nguyêñ Thị Ánh|Trâǹ Văn Hùng|Đặng Thị Hương|Phạm Quốc Dũng|Lê Thị Mỹ Duyên|Hoàng Đức Bình|Võ Thị Sáu"),
    ),
    "ja": (
        ("cp932", "euc_jp", "iso2022_jp"),
        (
            "山田 太郎|佐藤 花子|鈴木 一郎|高橋 健太|渡辺 美穂|株式会社日立製作所|小林 さくら|中村 ゆり|"
            "ｱﾝﾄﾞｳ ﾕｳｺ|斎藤 誠|トヨタ自動車"
        ),
    ),
    "ko": (("cp949", "euc_kr"), "김민수|이서연|박지훈|최은정|정다운|삼성전자|강하늘|윤보라|현대자동차|조혜진"),
    "zh-Hans": (
        ("gb18030", "gbk", "gb2312"),
        "王伟|李娜|张建国|刘晓明|陈静怡|欧阳雪|贵州大数据有限公司|赵子龙|黄淑芬|周杰|吴倩",
    ),
    "zh-Hant": (
        ("big5", "cp950", "big5hkscs"),
        "陳大文|林志玲|張惠妹|黃國倫|李靜宜|吳宗憲|台灣積體電路|鄭麗君|蔡依林|劉德華|許慧欣",
    ),
}
