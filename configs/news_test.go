package configs_test

import (
	"slices"
	"strings"
	"testing"

	"wirewatch/filter"
)

// news are sentences in the manner of newspapers, and which entities they do and do not mention.
// They were written before anybody looked whether they are met.
var news = []mention{
	// Arabic
	{"ar", "أكد الوزير أن أي تسوية يجب أن تتضمن ضمانات أمنية ملزمة لأوكرانيا", "security-guarantees ukraine", ""},
	{"ar", "كييف تشترط الحصول على ضمانات أمنية طويلة الأمد قبل وقف النار", "kyiv security-guarantees ceasefire", ""},
	{"ar", "باريس ولندن تبحثان تقديم الضمانات الأمنية اللازمة لكييف", "paris london security-guarantees kyiv", ""},
	{"ar", "تبادل الأسرى بين روسيا وأوكرانيا برعاية إماراتية", "prisoner-exchange russia ukraine", ""},
	{"ar", "الاتحاد الأوروبي يقر الحزمة التاسعة عشرة من العقوبات على موسكو", "eu sanctions moscow", ""},
	{"ar", "رفع العقوبات عن سوريا يتصدر محادثات الشرع في واشنطن", "sanctions-relief syria washington", ""},
	{"ar", "هدنة إنسانية في غزة تتيح إدخال المساعدات الإنسانية عبر رفح", "ceasefire gaza humanitarian-aid rafah", ""},
	{"ar", "إيران ترفع نسبة تخصيب اليورانيوم والوكالة الدولية للطاقة الذرية تحذر", "iran nuclear-programme iaea", ""},
	{"ar", "زلزال بقوة 6 درجات يضرب غرب تركيا", "earthquake turkey", ""},
	{"ar", "مسيرات أوكرانية تستهدف مصفاة نفط قرب بيلغورود", "drone-attack belgorod", ""},
	{"ar", "البنك المركزي الأوروبي يخفض أسعار الفائدة", "ecb interest-rates", "eu"},
	{"ar", "وزارة الخارجية الروسية تستدعي السفير الألماني", "russian-foreign-ministry", ""},
	{"ar", "انتخابات رئاسية مبكرة في بوليفيا والعاصمة لاباز تشهد احتجاجات", "election bolivia la-paz protests", ""},
	{"ar", "المحكمة الجنائية الدولية تصدر مذكرة توقيف بحق مسؤول سابق", "icc arrest-warrant", "icj"},
	{"ar", "محكمة العدل الدولية تنظر في قضية الإبادة الجماعية", "icj genocide", "icc"},
	{"ar", "الرسوم الجمركية الأمريكية على الصين تدخل حيز التنفيذ", "tariffs china", ""},
	{"ar", "سكان جزر القمر ينتخبون رئيسا والعاصمة موروني هادئة", "comoros moroni", ""},
	{"ar", "إعصار يضرب جزيرة ريونيون الفرنسية", "reunion hurricane", ""},
	{"ar", "حادث في نيوجيرسي يودي بحياة شخصين", "", "jersey"},
	{"ar", "دراسة بنيوي النزعة في الأدب المقارن", "", "niue"},
	{"ar", "شركات الأمن الخاصة تطلب ضمانات بنكية من عملائها", "", "security-guarantees"},
	{"ar", "قدم البنك ضمانات إضافية لحماية أموال المودعين", "", "security-guarantees"},
	{"ar", "وقف الباص عند إطلاق صافرة القطار", "", "ceasefire"},
	{"ar", "اللاعب يوقع عقدا مع النادي وضرب الكرة برأسه", "", "air-strike strike"},
	{"ar", "المدير المالي للشركة يعرض النتائج المالية", "", "mali male"},
	{"ar", "الكاتب يوفال نوح هراري يصدر كتابا جديدا", "", "harare"},
	{"ar", "فتحت العيون على مشهد حزين", "", "laayoune"},
	{"ar", "صحيفة ديلي ميل البريطانية تنشر التحقيق", "", "dili"},
	{"ar", "دعا المغرب إلى حوار والمدينة الساحلية تستعد للصيف", "morocco", ""},

	// English
	{"en", "Europe's leaders are weighing security guarantees for Kyiv if a truce holds", "security-guarantees kyiv ceasefire", ""},
	{"en", "Any guarantee of security must be legally binding, Mr Zelensky said", "security-guarantees zelensky", ""},
	{"en", "Russia rejects European security assurances to Ukraine", "russia security-guarantees ukraine", ""},
	{"en", "U.N. chief calls for an immediate cease-fire in Sudan", "un-secretary-general ceasefire sudan", ""},
	{"en", "Iran's enrichment of uranium has accelerated, the IAEA says", "iran nuclear-programme iaea", ""},
	{"en", "The two sides swapped 300 prisoners on Thursday, in a prisoner swap brokered by the UAE", "prisoner-exchange uae", ""},
	{"en", "The Fed cut interest rates by a quarter point", "fed interest-rates", ""},
	{"en", "Trump slaps new tariffs on steel from Canada", "trump tariffs canada", ""},
	{"en", "A magnitude 7.1 earthquake struck off Port Vila, Vanuatu", "earthquake port-vila vanuatu", ""},
	{"en", "KINGSTON, Jamaica — Hurricane Melissa made landfall", "kingston jamaica hurricane", ""},
	{"en", "Secretary of State Marco Rubio arrived in Tel Aviv", "us-secretary-of-state rubio tel-aviv", ""},
	{"en", "Britain will hand the Chagos Islands to Mauritius", "uk chagos mauritius", ""},
	{"en", "Bombers were moved to the base at Diego Garcia", "chagos", ""},
	{"en", "Cyclone batters the island of Mayotte in the Indian Ocean", "mayotte", "reunion"},
	{"en", "Family reunion ends in New Jersey; Georgetown University opens a museum", "", "reunion jersey georgetown"},
	{"en", "Reunion of the band planned for May", "", "reunion"},
	{"en", "Home security company guarantees a response in ten minutes", "", "security-guarantees"},
	{"en", "The bank guarantees the security of deposits", "", "security-guarantees"},
	{"en", "He won a strike in bowling and fired the drone of bagpipes", "", "air-strike drone-attack"},
	{"en", "Victoria Beckham and Kingston upon Thames council agreed", "", "victoria-seychelles kingston"},
	{"en", "The male nurse spoke in San Jose, California", "", "male san-jose"},
	{"en", "Jersey City mayor visits Nassau County", "", "jersey nassau bahamas"},
	{"en", "Panama City, Florida, braces for the storm", "", "panama-city panama"},
	{"en", "The Bermuda Triangle fascinates divers", "", "bermuda"},
	{"en", "China's reunification drive alarms Taipei", "china taipei", "reunion"},

	// French
	{"fr", "Kiev réclame des garanties de sécurité solides de la part des Occidentaux", "kyiv security-guarantees", ""},
	{"fr", "Les garanties sécuritaires offertes à l'Ukraine restent floues", "security-guarantees ukraine", ""},
	{"fr", "Le cessez-le-feu à Gaza vole en éclats", "ceasefire gaza", ""},
	{"fr", "Le ministère russe des Affaires étrangères dénonce une provocation", "russian-foreign-ministry", ""},
	{"fr", "Un séisme de magnitude 6 secoue le Chili", "earthquake chile", ""},
	{"fr", "La BCE maintient ses taux d'intérêt", "ecb interest-rates", ""},
	{"fr", "Échange de prisonniers entre Moscou et Kiev", "prisoner-exchange moscow kyiv", ""},
	{"fr", "Les droits de douane américains frappent l'industrie suisse", "tariffs", ""},
	{"fr", "Frappe aérienne sur un hôpital de Khartoum", "air-strike khartoum", ""},
	{"fr", "Un cyclone menace La Réunion et Mayotte", "reunion mayotte", ""},
	{"fr", "La Nouvelle-Calédonie vote dimanche", "new-caledonia", ""},
	{"fr", "Réunion à Genève des ministres de l'Énergie", "geneva", "reunion"},
	{"fr", "La réunion de Genève s'achève sans accord", "geneva", "reunion"},
	{"fr", "Maurice Ravel à l'honneur au festival", "", "mauritius"},
	{"fr", "Une grève des roseaux pensants, selon Pascal", "", "roseau"},
	{"fr", "L'assurance offre une garantie et une sécurité accrues", "", "security-guarantees"},
	{"fr", "Le massacre de la Saint-Barthélemy raconté aux enfants", "", "saint-barthelemy"},

	// Russian
	{"ru", "Киев настаивает на юридически обязывающих гарантиях безопасности", "kyiv security-guarantees", ""},
	{"ru", "Вопрос гарантий безопасности для Украины обсудят в Париже", "security-guarantees ukraine paris", ""},
	{"ru", "Стороны обменялись пленными, обмен прошёл при посредничестве ОАЭ", "uae", ""},
	{"ru", "Обмен пленными состоялся на границе с Белоруссией", "prisoner-exchange belarus", ""},
	{"ru", "Евросоюз согласовал новый пакет санкций", "eu sanctions", ""},
	{"ru", "Перемирие в секторе Газа нарушено", "ceasefire gaza", ""},
	{"ru", "МАГАТЭ сообщило об обогащении урана в Иране", "iaea nuclear-programme iran", ""},
	{"ru", "Беспилотники атаковали Белгород", "drone-attack belgorod", ""},
	{"ru", "Землетрясение магнитудой 7 произошло у берегов Камчатки", "earthquake", ""},
	{"ru", "Глава МИД Ирана Аракчи прилетел в Маскат", "araghchi muscat iran", ""},
	{"ru", "ФРС снизила ключевую ставку", "fed interest-rates", ""},
	{"ru", "Лайнер прибыл на остров Мэн, а потом на Фарерские острова", "isle-of-man faroe-islands", ""},
	{"ru", "Банк даёт гарантии вкладчикам, безопасность обеспечена", "", "security-guarantees"},
	{"ru", "Виктория победила в забеге", "", "victoria-seychelles"},
	{"ru", "Сборная ГУАМ встретилась в Баку", "baku", "guam"},
	{"ru", "Удар молнии повредил дом в Подмосковье", "", "air-strike missile-attack"},
	{"ru", "В лесу выли волки, и в мире стало тише", "", ""},

	// Ukrainian
	{"uk", "Гарантії безпеки для України мають бути юридично зобов'язливими", "security-guarantees ukraine", ""},
	{"uk", "Без надійних безпекових гарантій миру не буде, сказав президент", "security-guarantees", ""},
	{"uk", "Обмін полоненими: додому повернулися 205 захисників", "prisoner-exchange", ""},
	{"uk", "ЄС ухвалив двадцятий пакет санкцій проти Росії", "eu sanctions russia", ""},
	{"uk", "Масована ракетна атака на Харків", "missile-attack kharkiv", ""},
	{"uk", "Дрони атакували Одесу вночі", "drone-attack odesa", ""},
	{"uk", "Припинення вогню почнеться опівночі", "ceasefire", ""},
	{"uk", "У Туреччині стався землетрус", "earthquake turkey", ""},
	{"uk", "Банк дає гарантії, а безпека дорожнього руху поліпшилась", "", "security-guarantees"},
	{"uk", "Вікторія відкрила кав'ярню у Львові", "lviv", "victoria-seychelles"},

	// Spanish
	{"es", "Zelenski exige garantías de seguridad creíbles a los aliados", "zelensky security-guarantees", ""},
	{"es", "Canje de prisioneros entre Rusia y Ucrania", "prisoner-exchange russia ukraine", ""},
	{"es", "La tregua en Gaza pende de un hilo", "ceasefire gaza", ""},
	{"es", "Un terremoto de magnitud 6,2 sacude Guatemala", "earthquake guatemala", ""},
	{"es", "El OIEA alerta sobre el uranio enriquecido de Irán", "iaea nuclear-programme iran", ""},
	{"es", "Los aranceles de Trump golpean a México", "tariffs trump mexico", ""},
	{"es", "El huracán toca tierra en las islas Caimán", "hurricane cayman-islands", ""},
	{"es", "Reunión en Ginebra entre los ministros", "geneva", "reunion"},
	{"es", "La Virgen de Guadalupe recibe a los peregrinos en San Martín", "", "guadeloupe saint-martin"},
	{"es", "San José fue el protagonista de la fiesta", "", "san-jose"},
	{"es", "El banco da garantías y refuerza la seguridad de sus cajeros", "", "security-guarantees"},

	// German
	{"de", "Europa ringt um Sicherheitsgarantien für die Ukraine", "security-guarantees ukraine", ""},
	{"de", "Gefangenenaustausch zwischen Russland und der Ukraine", "prisoner-exchange russia ukraine", ""},
	{"de", "Die Waffenruhe im Gazastreifen hält", "ceasefire gaza", ""},
	{"de", "EZB senkt den Leitzins", "ecb interest-rates", ""},
	{"de", "Drohnenangriff auf Odessa, Raketen auf Charkiw", "drone-attack odesa kharkiv", ""},
	{"de", "Erdbeben der Stärke 6,8 erschüttert Myanmar", "earthquake myanmar", ""},
	{"de", "Zölle: Trump droht der EU", "tariffs trump eu", ""},
	{"de", "Das russische Außenministerium bestellte den Botschafter ein", "russian-foreign-ministry", ""},
	{"de", "St. Martin reitet wieder durch die Straßen von Köln", "", "saint-martin sint-maarten"},
	{"de", "Der Garantiefonds der Banken gibt Sicherheit", "", "security-guarantees"},
	{"de", "Die Suva zahlt Unfallrenten in der Schweiz", "switzerland", "suva"},

	// Turkish
	{"tr", "Ukrayna'ya verilecek güvenlik garantileri Paris'te ele alındı", "ukraine security-guarantees paris", ""},
	{"tr", "Zelenskiy güvenlik garantisi istedi", "zelensky security-guarantees", ""},
	{"tr", "Gazze'de ateşkes bozuldu, hava saldırısında 12 kişi öldü", "gaza ceasefire air-strike", ""},
	{"tr", "Rusya ile Ukrayna arasında esir takası yapıldı", "russia ukraine prisoner-exchange", ""},
	{"tr", "Malatya'da 5,2 büyüklüğünde deprem", "earthquake", ""},
	{"tr", "Fed faiz oranlarını sabit tuttu", "fed interest-rates", ""},
	{"tr", "AB yeni yaptırım paketini kabul etti", "eu sanctions", ""},
	{"tr", "Sigorta şirketi güvenlik için garanti belgesi verdi", "", "security-guarantees"},
	{"tr", "Türk Dili ve Edebiyatı bölümü öğrencileri", "", "dili"},
	{"tr", "Yaren leylek köyüne döndü", "", "yaren nauru"},

	// Persian
	{"fa", "زلنسکی خواستار تضمین‌های امنیتی الزام‌آور شد", "zelensky security-guarantees", ""},
	{"fa", "تضمین امنیتی اوکراین محور نشست پاریس بود", "security-guarantees ukraine paris", ""},
	{"fa", "آتش‌بس در غزه نقض شد", "ceasefire gaza", ""},
	{"fa", "تبادل زندانیان میان روسیه و اوکراین", "prisoner-exchange russia ukraine", ""},
	{"fa", "آژانس بین‌المللی انرژی اتمی درباره غنی‌سازی اورانیوم گزارش داد", "iaea nuclear-programme", ""},
	{"fa", "زلزله ۶ ریشتری افغانستان را لرزاند", "earthquake afghanistan", ""},
	{"fa", "تعرفه‌های ترامپ بر کالاهای چینی", "tariffs trump", ""},
	{"fa", "وزیر خارجه ایران وارد مسقط شد", "iran muscat", ""},
	{"fa", "ماله را روی دیوار بکش", "", "male maldives"},
	{"fa", "بیمه برای امنیت خودرو ضمانت می‌دهد", "", "security-guarantees"},
	{"fa", "جزیره من کوچک است", "", "isle-of-man"},

	// Hebrew
	{"he", "אוקראינה דורשת ערבויות ביטחוניות מהמערב", "ukraine security-guarantees", ""},
	{"he", "ערבויות הביטחון לאוקראינה יידונו בפריז", "security-guarantees ukraine paris", ""},
	{"he", "הפסקת האש בעזה נכנסה לתוקף", "ceasefire gaza", ""},
	{"he", "חילופי שבויים בין רוסיה לאוקראינה", "prisoner-exchange russia ukraine", ""},
	{"he", "רעידת אדמה בעוצמה 6 בטורקיה", "earthquake turkey", ""},
	{"he", "סבא\"א: איראן ממשיכה בהעשרת אורניום", "iaea iran nuclear-programme", ""},
	{"he", "עסקת החטופים: החמאס מסר את הרשימה", "hostages hamas", ""},
	{"he", "מאלה שנבחרו נותרו שלושה", "", "male maldives"},
	{"he", "אפיה ביתית היא תחביב", "", "apia samoa"},
	{"he", "הבנק נתן ערבויות והביטחון עלה", "", "security-guarantees"},

	// Chinese
	{"zh", "泽连斯基要求西方提供具有约束力的安全保证", "zelensky security-guarantees", ""},
	{"zh", "欧洲多国讨论对乌克兰的安全保障", "security-guarantees ukraine", ""},
	{"zh", "俄乌交换战俘各三百名", "prisoner-exchange", ""},
	{"zh", "以色列与哈马斯达成停火协议", "israel hamas ceasefire", ""},
	{"zh", "国际原子能机构称伊朗浓缩铀库存增加", "iaea iran nuclear-programme", ""},
	{"zh", "缅甸发生7.7级地震", "myanmar earthquake", ""},
	{"zh", "特朗普宣布对加拿大加征关税", "trump canada tariffs", ""},
	{"zh", "美联储宣布降息25个基点", "fed interest-rates", ""},
	{"zh", "飓风袭击牙买加首都金斯敦", "hurricane jamaica kingston", ""},
	{"zh", "俄羅斯外交部召見日本大使", "russian-foreign-ministry japan", ""},
	{"zh", "公司为员工提供食品安全保障", "", "security-guarantees"},
	{"zh", "索馬利亞海域有海盜", "somalia", "mali"},
	{"zh", "英国女王维多利亚时代的建筑", "uk", "victoria-seychelles"},
	{"zh", "狮子山下的香港人", "hong-kong", "sierra-leone"},
	{"zh", "他多多马上就到", "", "dodoma"},

	// More subjects, inflected as each language does.
	{"ar", "المبعوث الأميركي يبحث في موسكو خطة السلام وضمان أمن أوكرانيا", "us-envoy moscow peace-plan ukraine", ""},
	{"ar", "تل أبيب تعلن حالة الطوارئ بعد هجوم صاروخي", "tel-aviv state-of-emergency missile-attack", ""},
	{"ar", "مجلس الأمن يمدد ولاية اليونيفيل", "security-council unifil", ""},
	{"ar", "تمديد العمل باتفاق الحبوب وأسعار النفط ترتفع", "grain-deal oil-prices", ""},
	{"ar", "الحوثيون يحتجزون سفينة في البحر الأحمر قرب الحديدة", "houthis red-sea hodeidah", ""},
	{"ar", "مقتل العشرات في غارات جوية على الخرطوم", "air-strike khartoum", ""},
	{"ar", "غارة إسرائيلية على الضاحية الجنوبية لبيروت", "air-strike beirut", ""},
	{"ar", "تبادل للأسرى وإطلاق سراح الرهائن في إطار الصفقة", "prisoner-exchange hostages", ""},
	{"ar", "توسيع المستوطنات في الضفة الغربية يثير إدانات", "settlements west-bank", ""},
	{"ar", "مناورات عسكرية مشتركة قرب تايوان", "military-exercises taiwan", ""},
	{"ar", "ترحيل اللاجئين السوريين من لبنان", "refugees lebanon", ""},
	{"ar", "فوز الرياضي بلقب البطولة بعد مباراة مثيرة في الدوحة", "doha", "riyadh"},
	{"ar", "طلبت الجمعية ضمانات حول سلامة الأغذية الأمنة", "", "security-guarantees"},
	{"ar", "عقد قران الفنانة في فندق السلام", "", "peace-talks peace-plan"},
	{"ar", "هدنة الملاعب تنتهي وضربات الجزاء تحسم اللقاء", "", "air-strike missile-attack"},

	{"en", "Washington offers Kyiv 'Article 5-style' security guarantee", "washington kyiv security-guarantees", ""},
	{"en", "Drones and missiles hit Kharkiv overnight; air-raid sirens in Lviv", "drone-attack kharkiv lviv", ""},
	{"en", "Airstrikes pound Khartoum as truce collapses", "air-strike khartoum ceasefire", ""},
	{"en", "Hostage families rally in Jerusalem", "hostages jerusalem", ""},
	{"en", "Israel approves new settlement homes in the occupied West Bank", "israel settlements west-bank", ""},
	{"en", "The EU agreed to extend sanctions on Belarus", "eu sanctions belarus", ""},
	{"en", "EU weighs using frozen Russian assets for a loan to Ukraine", "eu frozen-assets ukraine", ""},
	{"en", "Wildfires rage near Athens while floods hit Bangkok", "wildfire athens flood bangkok", ""},
	{"en", "Putin and Trump hold summit in Anchorage, Alaska", "putin trump summit anchorage alaska", ""},
	{"en", "The junta has declared a state of emergency in Ouagadougou", "state-of-emergency ouagadougou", ""},
	{"en", "North Korea test-fires ballistic missile", "north-korea ballistic-missile", ""},
	{"en", "Judges at the International Court of Justice ruled on genocide claims", "icj genocide", "icc"},
	{"en", "Talks on a two-state solution open at the UN General Assembly", "two-state-solution unga", ""},
	{"en", "He summited the peak, and the election of colours was striking", "", "summit strike"},
	{"en", "A turkey dinner with china plates", "", "turkey china"},
	{"en", "March on, said the coach; the play may run until June", "", ""},
	{"en", "The rapper Chad Hugo left Virginia", "", "chad"},
	{"en", "Paris Hilton and Jordan Pickford met London Breed", "", "paris jordan"},

	{"fr", "Macron et Starmer promettent à Kiev des garanties de sécurité", "macron starmer kyiv security-guarantees", ""},
	{"fr", "Des drones russes violent l'espace aérien polonais", "drone-attack", ""},
	{"fr", "L'enrichissement de l'uranium inquiète l'AIEA", "nuclear-programme iaea", ""},
	{"fr", "Les avoirs russes gelés au cœur du Conseil européen", "frozen-assets european-council", ""},
	{"fr", "Otages : le Hamas remet une liste", "hostages hamas", ""},
	{"fr", "Inondations meurtrières au Pakistan", "flood pakistan", ""},
	{"fr", "Élections législatives anticipées : le Premier ministre démissionne", "election", ""},
	{"fr", "La Cour pénale internationale émet un mandat d'arrêt", "icc arrest-warrant", ""},
	{"fr", "Les colonies israéliennes en Cisjordanie condamnées par l'ONU", "settlements west-bank un", ""},
	{"fr", "Colonies de vacances : les inscriptions ouvrent", "", "settlements"},
	{"fr", "Nice reçoit Paris dimanche soir", "", "nice"},

	{"ru", "Трамп исключил отправку войск, но готов дать Киеву гарантии безопасности", "trump kyiv security-guarantees", ""},
	{"ru", "Ракетный удар по Одессе: есть погибшие", "missile-attack odesa", ""},
	{"ru", "Заложников освободили в рамках сделки с ХАМАС", "hostages hamas", ""},
	{"ru", "Замороженные российские активы пойдут на кредит", "frozen-assets", ""},
	{"ru", "Совбез ООН продлил мандат миротворцев в Ливане", "security-council peacekeeping lebanon", ""},
	{"ru", "Президентские выборы в Молдавии пройдут осенью", "election moldova", ""},
	{"ru", "Пошлины на китайские товары вступили в силу", "tariffs", ""},
	{"ru", "Лесные пожары в Греции, наводнение в Таиланде", "wildfire greece flood thailand", ""},
	{"ru", "Переворот в Буркина-Фасо: объявлено чрезвычайное положение", "coup burkina-faso state-of-emergency", ""},
	{"ru", "Мирный план Трампа обсудили в Женеве", "peace-plan trump geneva", ""},
	{"ru", "Авиаудары по Газе продолжаются, сообщил ХАМАС", "air-strike gaza hamas", ""},
	{"ru", "Цена на газ для населения вырастет", "", "gaza"},
	{"ru", "На выборах цвета краски помогут эксперты", "", ""},

	{"uk", "Зеленський і Макрон говорили про гарантії безпеки", "zelensky macron security-guarantees", ""},
	{"uk", "Авіаудар по Газі: ХАМАС повідомляє про загиблих", "air-strike gaza hamas", ""},
	{"uk", "Заморожені російські активи передадуть Україні", "frozen-assets ukraine", ""},
	{"uk", "Вибори в Молдові: підрахунок голосів", "election moldova", ""},
	{"uk", "Мита на сталь запровадив Трамп", "tariffs trump", ""},
	{"uk", "Мирний план обговорили у Женеві", "peace-plan geneva", ""},
	{"uk", "МАГАТЕ: на Запорізькій АЕС зник струм", "iaea", ""},
	{"uk", "Лісові пожежі у Греції та повінь у Таїланді", "wildfire greece flood thailand", ""},

	{"es", "Macron y Starmer ofrecen a Kiev garantías de seguridad", "macron starmer kyiv security-guarantees", ""},
	{"es", "Bombardeo israelí en el sur del Líbano", "air-strike lebanon", ""},
	{"es", "Elecciones en Bolivia: segunda vuelta en octubre", "election bolivia", ""},
	{"es", "La Corte Penal Internacional emite una orden de arresto", "icc arrest-warrant", ""},
	{"es", "Los rehenes israelíes regresan a casa", "hostages", ""},
	{"es", "Incendios forestales en Galicia, inundaciones en Valencia", "wildfire flood", ""},
	{"es", "Los asentamientos israelíes en Cisjordania crecen", "settlements west-bank", ""},
	{"es", "El equipo logró una victoria en Santa Elena y el asentamiento del terreno sigue", "", "saint-helena settlements"},
	{"es", "Ataque con drones contra Járkov", "drone-attack kharkiv", ""},

	{"de", "Merz und Macron beraten über Sicherheitsgarantien und eine Friedenstruppe", "merz macron security-guarantees", ""},
	{"de", "Geiseln freigelassen: Hamas übergibt drei Männer", "hostages hamas", ""},
	{"de", "Israelische Luftangriffe auf den Süden des Libanon", "air-strike lebanon", ""},
	{"de", "Eingefrorene russische Vermögen: EU sucht Lösung", "frozen-assets eu", ""},
	{"de", "Waldbrände in Griechenland, Überschwemmungen in Thailand", "wildfire greece flood thailand", ""},
	{"de", "Der Internationale Strafgerichtshof erlässt Haftbefehl", "icc arrest-warrant", ""},
	{"de", "Bundestagswahl: Parlamentswahl im Februar", "election", ""},
	{"de", "Putsch in Burkina Faso, Ausnahmezustand verhängt", "coup burkina-faso state-of-emergency", ""},
	{"de", "Siedlungsbau im Westjordanland verurteilt", "settlements west-bank", ""},
	{"de", "Sicherheit garantiert: neue Schlösser für Fahrräder", "", "security-guarantees"},

	{"tr", "İsrail'in Lübnan'a düzenlediği hava saldırılarında 5 ölü", "israel lebanon air-strike", ""},
	{"tr", "Rehinelerin serbest bırakılması için anlaşma", "hostages", ""},
	{"tr", "Cumhurbaşkanlığı seçimlerinin ikinci turu pazar günü", "election", ""},
	{"tr", "Yunanistan'da orman yangınları, Tayland'da sel", "greece wildfire thailand flood", ""},
	{"tr", "Dondurulan Rus varlıklarının Ukrayna için kullanılması", "frozen-assets ukraine", ""},
	{"tr", "Rusya'dan Harkiv'e dron saldırısı", "russia kharkiv drone-attack", ""},
	{"tr", "UCM tutuklama emri çıkardı", "icc arrest-warrant", ""},
	{"tr", "Batı Şeria'daki Yahudi yerleşimleri genişliyor", "west-bank settlements", ""},
	{"tr", "BM Güvenlik Konseyi'nin kararı, Genel Sekreter Guterres", "security-council guterres", ""},
	{"tr", "Güvenlik garantilerinden söz eden Putin, ateşkesle ilgili konuştu", "security-guarantees putin ceasefire", ""},

	{"fa", "حمله هوایی اسرائیل به جنوب لبنان", "air-strike israel lebanon", ""},
	{"fa", "آزادی گروگان‌ها در چارچوب توافق", "hostages", ""},
	{"fa", "انتخابات ریاست‌جمهوری بولیوی به دور دوم رفت", "election bolivia", ""},
	{"fa", "آتش‌سوزی جنگلی در یونان و سیل در تایلند", "wildfire greece flood thailand", ""},
	{"fa", "دیوان کیفری بین‌المللی حکم بازداشت صادر کرد", "icc arrest-warrant", ""},
	{"fa", "دارایی‌های بلوکه‌شده ایران آزاد می‌شود", "frozen-assets iran", ""},
	{"fa", "حمله پهپادی به خارکف", "drone-attack kharkiv", ""},
	{"fa", "شورای امنیت سازمان ملل قطعنامه را تصویب کرد", "security-council un", ""},
	{"fa", "مکانیسم ماشه و بازگشت تحریم‌ها", "sanctions", ""},

	{"he", "תקיפה אווירית בדרום לבנון", "air-strike lebanon", ""},
	{"he", "משפחות החטופים הפגינו בירושלים", "hostages jerusalem", ""},
	{"he", "הבחירות לנשיאות בבוליביה", "election bolivia", ""},
	{"he", "בית הדין הפלילי הבינלאומי הוציא צו מעצר", "icc arrest-warrant", ""},
	{"he", "מתקפת רחפנים על חרקוב", "drone-attack kharkiv", ""},
	{"he", "שריפות יער ביוון ושיטפונות בתאילנד", "wildfire greece flood thailand", ""},
	{"he", "ההתנחלויות בגדה המערבית גדלות", "settlements west-bank", ""},
	{"he", "העיצומים על רוסיה הוארכו", "sanctions russia", ""},

	{"zh", "以色列空袭黎巴嫩南部", "israel air-strike lebanon", ""},
	{"zh", "哈马斯释放被扣押人员", "hamas hostages", ""},
	{"zh", "玻利维亚举行总统选举", "bolivia election", ""},
	{"zh", "国际刑事法院发出逮捕令", "icc arrest-warrant", ""},
	{"zh", "希腊森林火灾，泰国洪灾", "greece wildfire thailand flood", ""},
	{"zh", "冻结的俄罗斯资产将用于援乌", "frozen-assets", ""},
	{"zh", "無人機襲擊哈爾科夫", "drone-attack kharkiv", ""},
	{"zh", "布基纳法索发生政变，宣布进入紧急状态", "burkina-faso coup state-of-emergency", ""},
	{"zh", "约旦河西岸犹太人定居点扩建", "west-bank settlements", ""},
	{"zh", "联合国安理会通过决议", "security-council un-resolution", ""},

	// A subject inside a longer one, and an office inside one of a country, count too.
	{"ar", "الاتحاد الأوروبي يقر رفع العقوبات عن سوريا", "eu sanctions sanctions-relief syria", ""},
	{"en", "Britain's prime minister backs sanctions relief for Syria", "prime-minister sanctions sanctions-relief syria", ""},
	{"en", "North Korea test-fired a ballistic missile, Japanese Prime Minister says", "ballistic-missile prime-minister japanese-prime-minister", ""},
	{"ru", "Министр иностранных дел Китая Ван И выступил за снятие санкций", "foreign-minister chinese-foreign-ministry sanctions", ""},
	{"de", "Der britische Premierminister reist zum Klimagipfel", "prime-minister", ""},
	{"ar", "قمة المناخ تنطلق في بيليم بالبرازيل", "climate-talks summit brazil", ""},
	{"ar", "قصف جوي يستهدف مخزنا", "air-strike", "shelling"},
	{"es", "El canciller alemán visita Madrid", "german-chancellor madrid", "foreign-minister"},
	{"en", "Washington and Beijing extend their trade truce", "washington beijing", "ceasefire"},

	// The same in languages of which only what is searched for most has names.
	{"pt", "Em Genebra, Kiev pede garantias de segurança e a Rússia recusa um cessar-fogo", "geneva kyiv security-guarantees russia ceasefire", ""},
	{"pt", "Reunião em Pequim discute sanções ao Irã", "beijing sanctions iran", "reunion"},
	{"pt", "O banco oferece garantias e a segurança aumentou", "", "security-guarantees"},
	{"it", "A Ginevra si tratta sulle garanzie di sicurezza per l'Ucraina", "geneva security-guarantees ukraine", ""},
	{"it", "Usa, Trump annuncia nuovi dazi contro la Cina", "usa trump china", ""},
	{"it", "Riunione a Bruxelles degli alleati della Nato", "brussels nato", "reunion"},
	{"it", "Nato a Roma nel 1950, usa spesso la bicicletta", "rome", "nato usa"},
	{"pl", "W Genewie rozmawiano o gwarancjach bezpieczeństwa dla Ukrainy", "geneva security-guarantees ukraine", ""},
	{"pl", "Stany Zjednoczone i Chiny zawarły rozejm", "usa china ceasefire", ""},
	{"pl", "Szwajcaria i Niemcy poparły sankcje wobec Rosji", "switzerland germany sanctions russia", ""},
	{"pl", "Czad zabił dwie osoby w mieszkaniu", "", "chad"},
	{"pl", "Mali przedsiębiorcy protestują w Warszawie", "warsaw", "mali"},
	{"cs", "V Ženevě se jedná o bezpečnostních zárukách pro Ukrajinu", "geneva security-guarantees ukraine", ""},
	{"cs", "Velká Británie a Německo uvalily sankce na Rusko", "uk germany sanctions russia", ""},
	{"cs", "Malí podnikatelé si stěžují", "", "mali"},
	{"nl", "In Genève wordt gepraat over veiligheidsgaranties voor Oekraïne", "geneva security-guarantees ukraine", ""},
	{"nl", "De VS en China bereiken een staakt-het-vuren in de handelsoorlog, Zwitserland bemiddelt", "usa china ceasefire switzerland", ""},
	{"sv", "I Genève diskuteras säkerhetsgarantier för Ukraina", "geneva security-guarantees ukraine", ""},
	{"sv", "USA och Kina enas, Frankrike och Tyskland avvaktar", "usa china france germany", ""},
	{"no", "I Genève diskuteres sikkerhetsgarantier for Ukraina", "geneva security-guarantees ukraine", ""},
	{"no", "Mannen kom til Frankrike. Man vet ikke hvorfor", "france", "isle-of-man"},
	{"ro", "La Geneva se discută despre garanțiile de securitate pentru Ucraina", "geneva security-guarantees ukraine", ""},
	{"ro", "SUA și Germania cer încetarea focului", "usa germany ceasefire", ""},
	{"hu", "Genfben a biztonsági garanciákról tárgyaltak, az ENSZ is ott volt", "geneva security-guarantees un", ""},
	{"el", "Στη Γενεύη συζητούνται οι εγγυήσεις ασφαλείας για την Ουκρανία", "geneva security-guarantees ukraine", ""},
	{"el", "Ο λαός ψηφίζει. Λαός και κυβέρνηση συμφωνούν", "", "laos"},
	{"id", "Perundingan damai di Jenewa membahas jaminan keamanan bagi Ukraina", "peace-talks geneva security-guarantees ukraine", ""},
	{"id", "Pelanggar lalu lintas mendapat sanksi dari polisi", "", "sanctions"},
	{"hi", "जिनेवा में यूक्रेन की सुरक्षा गारंटी पर बातचीत", "geneva ukraine security-guarantees", ""},
	{"hi", "दिल्ली में पटाखों पर प्रतिबंध, माली ने पौधे लगाए", "", "sanctions mali"},
	{"ja", "ジュネーブでウクライナの安全の保証をめぐり協議、米国とロシアが参加", "geneva ukraine security-guarantees usa russia", ""},
	{"ja", "インドネシアとインド洋の漁業", "indonesia", "india"},
	{"ko", "제네바에서 우크라이나 안전보장을 논의했다", "geneva ukraine security-guarantees", "security-council"},
	{"ko", "유엔 안전보장이사회가 이란 제재를 논의했다", "un security-council iran sanctions", "security-guarantees"},
	{"ko", "인도네시아 정부의 인도주의적 지원 수단", "indonesia", "india sudan"},
	{"ko", "빨래를 말리는 파리", "", "mali paris"},
}

func TestNews(t *testing.T) {
	names := starter(t)
	none := 0
	for _, m := range news {
		found := slugsIn(names, m.text, m.lang)
		for slug := range strings.FieldsSeq(m.yes) {
			if !slices.Contains(found, slug) {
				t.Errorf("%s: @%s is not found in: %s (%v)", m.lang, slug, m.text, found)
			}
		}
		for slug := range strings.FieldsSeq(m.no) {
			if slices.Contains(found, slug) {
				t.Errorf("%s: @%s is found in: %s", m.lang, slug, m.text)
			}
		}
		if m.no != "" {
			none++
		}
	}
	if len(news) < 60 || 4*none < len(news) {
		t.Errorf("%d sentences, %d of them traps", len(news), none)
	}
}

// TestNewsAsItComes reads the same sentences as headlines of articles whose language nobody tells:
// no false alarm, and at most one mention in a hundred is missed.
func TestNewsAsItComes(t *testing.T) {
	names := starter(t)
	all, missed := 0, []string(nil)
	for _, m := range slices.Concat(news, mentions) {
		d := filter.Analyse(filter.Input{Title: m.text}, names)
		meets := func(slug string) bool {
			q, err := filter.Parse("@"+slug, names)
			if err != nil {
				t.Fatal(err)
			}
			_, ok := q.Match(d)
			return ok
		}
		for slug := range strings.FieldsSeq(m.yes) {
			all++
			if !meets(slug) {
				missed = append(missed, "@"+slug+" in "+m.text)
			}
		}
		for slug := range strings.FieldsSeq(m.no) {
			if meets(slug) {
				t.Errorf("@%s is found in: %s", slug, m.text)
			}
		}
	}
	if 100*len(missed) > all {
		t.Errorf("%d of %d are missed: %q", len(missed), all, missed)
	}
}
