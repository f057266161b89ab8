//! Lines of ordinary articles, written for the purpose: prose, headlines, subheadings, names, questions.

/// The title that patterns with `{title}` are tried on.
pub(super) const TITLE: &str = "Harbour bridge opens two years late";

/// Lines that no rule should take by itself, by language.
pub(super) const PROBES: &[(&str, &[&str])] = &[
    (
        "en",
        &[
            "The council met on Monday evening and decided, after four hours, to rebuild the old bridge over the river.",
            "It was raining again.",
            "She had read the letter twice before she understood what her brother wanted to tell her.",
            "“We did not expect so many people,” said the mayor, who had waited at the gate since seven.",
            "Harbour bridge opens two years late",
            "Bakers strike for third day",
            "Storm warning",
            "A new beginning",
            "Life on the river",
            "How the bridge was built",
            "What happens next?",
            "Anna Keller",
            "The first winter",
            "Why did nobody see it coming?",
            "- Three eggs, a cup of flour and a little salt",
            "Four hundred houses are still without water, and nobody knows for how long.",
            "1998",
            "Chapter 3",
        ],
    ),
    (
        "de",
        &[
            "Der Stadtrat hat am Montagabend nach langer Sitzung beschlossen, die alte Brücke wieder aufzubauen.",
            "Es regnete wieder.",
            "Hafenbrücke öffnet mit zwei Jahren Verspätung",
            "Bäcker streiken den dritten Tag",
            "Ein neuer Anfang",
            "Leben am Fluss",
            "Warum hat es niemand kommen sehen?",
            "„Damit haben wir nicht gerechnet“, sagte die Bürgermeisterin.",
        ],
    ),
    (
        "es",
        &[
            "El ayuntamiento decidió el lunes por la noche, tras cuatro horas, reconstruir el viejo puente sobre el río.",
            "Volvía a llover.",
            "El puente del puerto abre con dos años de retraso",
            "Tercer día de huelga de los panaderos",
            "Un nuevo comienzo",
            "La vida junto al río",
            "¿Por qué nadie lo vio venir?",
        ],
    ),
    (
        "fr",
        &[
            "Le conseil municipal a décidé lundi soir, après quatre heures, de reconstruire le vieux pont sur la rivière.",
            "Il pleuvait de nouveau.",
            "Le pont du port ouvre avec deux ans de retard",
            "Troisième jour de grève des boulangers",
            "Un nouveau départ",
            "La vie au bord de la rivière",
            "Pourquoi personne ne l'a-t-il vu venir ?",
        ],
    ),
    (
        "pt",
        &[
            "A câmara decidiu na segunda-feira à noite, ao fim de quatro horas, reconstruir a velha ponte sobre o rio.",
            "Chovia outra vez.",
            "Ponte do porto abre com dois anos de atraso",
            "Padeiros em greve pelo terceiro dia",
            "Um novo começo",
            "Porque é que ninguém o viu chegar?",
        ],
    ),
    (
        "it",
        &[
            "Lunedì sera il consiglio ha deciso, dopo quattro ore, di ricostruire il vecchio ponte sul fiume.",
            "Pioveva di nuovo.",
            "Il ponte del porto apre con due anni di ritardo",
            "Un nuovo inizio",
            "La vita sul fiume",
            "Perché nessuno se n'è accorto?",
        ],
    ),
    (
        "nl",
        &[
            "De gemeenteraad besloot maandagavond na vier uur om de oude brug over de rivier opnieuw te bouwen.",
            "Het regende weer.",
            "Havenbrug gaat twee jaar te laat open",
            "Een nieuw begin",
            "Waarom zag niemand het aankomen?",
        ],
    ),
    (
        "pl",
        &[
            "Rada miasta postanowiła w poniedziałek wieczorem, po czterech godzinach, odbudować stary most nad rzeką.",
            "Znowu padało.",
            "Most portowy otwarty z dwuletnim opóźnieniem",
            "Nowy początek",
            "Dlaczego nikt tego nie przewidział?",
        ],
    ),
    (
        "ru",
        &[
            "Городской совет в понедельник вечером после четырёх часов решил восстановить старый мост через реку.",
            "Снова шёл дождь.",
            "Портовый мост открывают с опозданием на два года",
            "Новое начало",
            "Почему этого никто не заметил?",
        ],
    ),
    (
        "sv",
        &[
            "Kommunfullmäktige beslutade på måndagskvällen efter fyra timmar att bygga upp den gamla bron igen.",
            "Det regnade igen.",
            "Hamnbron öppnar två år för sent",
            "En ny början",
        ],
    ),
    (
        "tr",
        &[
            "Belediye meclisi pazartesi akşamı dört saat sonra nehrin üzerindeki eski köprüyü yeniden yapmaya karar verdi.",
            "Yine yağmur yağıyordu.",
            "Liman köprüsü iki yıl gecikmeyle açılıyor",
            "Yeni bir başlangıç",
        ],
    ),
    (
        "ar",
        &[
            "قرر المجلس البلدي مساء الاثنين بعد أربع ساعات إعادة بناء الجسر القديم فوق النهر.",
            "كان المطر يهطل من جديد.",
            "افتتاح جسر الميناء بعد تأخير عامين",
            "بداية جديدة",
        ],
    ),
    (
        "ja",
        &[
            "市議会は月曜日の夜、四時間の会議の末に、川にかかる古い橋を建て直すことを決めた。",
            "また雨が降っていた。",
            "港の橋、二年遅れで開通",
            "新しい始まり",
            "川のほとりの暮らし",
        ],
    ),
    (
        "zh",
        &["市议会星期一晚上开了四个小时的会，决定重建河上的老桥。", "又下雨了。", "海港大桥推迟两年通车", "新的开始"],
    ),
    (
        "ko",
        &[
            "시의회는 월요일 저녁 네 시간의 회의 끝에 강 위의 낡은 다리를 다시 짓기로 결정했다.",
            "다시 비가 내리고 있었다.",
            "항구 다리 두 해 늦게 개통",
            "새로운 시작",
        ],
    ),
];
