package page

import (
	"strings"
	"unicode/utf8"

	"wirewatch/filter/text"
)

type lineKind int

const (
	plainLine       lineKind = iota
	relatedHeading           // a heading of related links: "See also"
	relatedInline            // heading and link in one: "See also: Talks to go on"
	boilerplateLine          // "Follow us on …"
)

// Lengths in words up to which a line can be what its first words say.
const (
	maxHeading     = 8
	maxInline      = 20
	maxInlineColon = 40
	maxBoilerplate = 25
	maxByline      = 6
)

// A phraseBook finds which of its phrases a folded line begins with.
type phraseBook map[string][]string // first word -> phrases, folded

func newPhraseBook(lists ...string) phraseBook {
	b := phraseBook{}
	for _, list := range lists {
		for phrase := range strings.SplitSeq(list, "|") {
			folded := text.Fold(phrase)
			if folded == "" {
				continue
			}
			first, _, _ := strings.Cut(folded, " ")
			b[first] = append(b[first], folded)
		}
	}
	return b
}

// match is the length of the longest phrase that a folded line begins with.
func (b phraseBook) match(folded string) int {
	first, _, _ := strings.Cut(folded, " ")
	best := 0
	for _, p := range b[first] {
		if len(p) > best && strings.HasPrefix(folded, p) && (len(folded) == len(p) || folded[len(p)] == ' ') {
			best = len(p)
		}
	}
	return best
}

// related begin links to other articles, even with the link on the same line.
var related = newPhraseBook(
	"انظر أيضا|أنظر أيضا|اقرأ أيضا|إقرأ أيضا|اقرؤوا أيضا|اقرأوا أيضا|اقرأ المزيد|إقرأ المزيد|للمزيد اقرأ|طالع أيضا|طالعوا أيضا|شاهد أيضا|شاهدوا أيضا|تابع أيضا|مواضيع ذات صلة|موضوعات ذات صلة|مواضيع متعلقة|موضوعات متعلقة|مقالات ذات صلة|أخبار ذات صلة|الأخبار ذات الصلة|اخبار متعلقة|روابط ذات صلة|مواد ذات صلة|تقارير ذات صلة|قصص ذات صلة|محتوى ذو صلة|قد يعجبك أيضا|قد يهمك أيضا|قد يهمك|ربما يعجبك|ننصح بقراءة|نرشح لك|المزيد من الأخبار|المزيد حول الموضوع|المزيد عن|اقرأ في|من نفس القسم|الأكثر قراءة|الأكثر مشاهدة|آخر الأخبار",
	"see also|read also|also read|read more|read next|also see|more on this story|more on this topic|more from|more stories|more news|more coverage|more about|related stories|related story|related articles|related article|related news|related coverage|related content|related topics|related links|related posts|related reading|related video|recommended stories|recommended reading|recommended for you|you may also like|you might also like|you may be interested in|don't miss|what to read next|trending stories|trending now|most read|most popular|latest news|editor's picks|editors' picks|suggested reading|further reading|in case you missed it|up next",
	"lire aussi|à lire aussi|lire également|à lire également|à lire|lire la suite|lire plus|voir aussi|à voir aussi|à écouter|sur le même sujet|sur le même thème|articles liés|article lié|articles similaires|articles connexes|à ne pas manquer|nos autres articles|les plus lus|notre sélection|dans la même rubrique",
	"читайте также|читать также|читайте еще|читайте по теме|читать далее|читайте нас|смотрите также|смотри также|см. также|по теме|материалы по теме|новости по теме|статьи по теме|другие материалы|другие новости|еще по теме|похожие новости|похожие материалы|рекомендуем|вам может быть интересно|самое читаемое|популярное|ранее на эту тему",
	"lea también|lee también|leer también|lea más|leer más|lee más|ver también|vea también|véase también|mira también|te puede interesar|le puede interesar|puede interesarle|te recomendamos|noticias relacionadas|noticia relacionada|artículos relacionados|contenido relacionado|más noticias|más información|más sobre|lo más leído|relacionadas",
	"lesen sie auch|lesen sie hier|lesen sie mehr|lesen sie dazu|lies auch|auch interessant|mehr zum thema|mehr dazu|mehr lesen|weiterlesen|siehe auch|zum thema|das könnte sie auch interessieren|das könnte sie interessieren|ähnliche artikel|verwandte artikel|verwandte themen|weitere artikel|weitere meldungen|weitere nachrichten|meistgelesen",
	"leia também|leia mais|leia ainda|veja também|veja mais|saiba mais|confira também|notícias relacionadas|matérias relacionadas|artigos relacionados|conteúdo relacionado|mais lidas|você pode gostar",
	"leggi anche|leggi tutto|leggi di più|leggi pure|vedi anche|guarda anche|approfondisci|articoli correlati|notizie correlate|potrebbe interessarti|ti potrebbe interessare|i più letti|altre notizie",
	"czytaj także|czytaj też|czytaj również|czytaj więcej|przeczytaj także|przeczytaj też|przeczytaj również|zobacz także|zobacz też|zobacz również|polecamy|powiązane artykuły|może cię zainteresować|najczęściej czytane",
	"ilgili haberler|ilgili haber|ilgili yazılar|ilgili içerikler|ayrıca bakınız|ayrıca okuyun|bunları da okuyun|bunu da okuyun|devamını oku|daha fazla oku|ilginizi çekebilir|sizin için seçtiklerimiz|benzer haberler|en çok okunanlar",
	"بیشتر بخوانید|بیشتر بدانید|همچنین بخوانید|همچنین بخوانید|این را هم بخوانید|مطالب مرتبط|اخبار مرتبط|خبرهای مرتبط|پیشنهاد می کنیم بخوانید|در همین زمینه|در این باره بخوانید|پر بازدیدترین",
	"یہ بھی پڑھیں|یہ بھی پڑھیے|مزید پڑھیں|مزید پڑھیے|متعلقہ خبریں|مزید خبریں|یہ بھی دیکھیں",
	"קראו גם|קרא גם|קראו עוד|לקריאה נוספת|ראו גם|כתבות נוספות|כתבות קשורות|עוד בנושא|אולי יעניין אותך|כתבות מומלצות",
	"延伸阅读|延伸閱讀|相关阅读|相關閱讀|相关新闻|相關新聞|相关报道|相關報導|相关链接|相关文章|更多新闻|更多新聞|推荐阅读|推薦閱讀|阅读更多|閱讀更多|另见|另請參閱|热门新闻|熱門新聞|猜你喜欢",
	"関連記事|関連ニュース|あわせて読みたい|こちらもおすすめ|もっと読む|続きを読む|おすすめ記事|人気記事|関連リンク",
	"читайте також|дивіться також|див. також|за темою|матеріали за темою|новини за темою|схожі новини|рекомендуємо|вам може бути цікаво|більше новин|популярне",
	"baca juga|lihat juga|berita terkait|lees ook|lees meer|läs också|läs även|læs også|les også|lue myös|διαβάστε επίσης|δείτε επίσης|citiți și|citește și|прочетете още|прочитајте још|pročitajte i|pročitajte još|čtěte také|čtěte i|olvassa el ezt is|xem thêm|관련기사|관련 기사|관련 뉴스|यह भी पढ़ें|ये भी पढ़ें|আরও পড়ুন",
)

// headings are related only as a whole line or before a colon: they occur in
// running text.
var headings = newPhraseBook(
	"ذات صلة|اقرأ|إقرأ|المزيد|للمزيد|روابط|اقتراحات|مختارات|related|recommended|read|watch|more|also|links|see|sponsored|trending|" +
		"lire|voir|connexe|liens|associés|читайте|смотрите|ещё|ссылки|также|relacionado|relacionados|lea|ver|más|mehr|lesen|links|zum weiterlesen|leia|veja|mais|leggi|correlati|" +
		"czytaj|zobacz|więcej|ilgili|oku|devamı|مرتبط|بخوانید|متعلقہ|相关|相關|関連|更多|ще|читайте|інше")

// boilerplate begins lines that are about the site, not about the news.
var boilerplate = newPhraseBook(
	"تابعونا على|تابعونا عبر|تابعنا على|تابعنا عبر|تابعوا قناتنا|تابعوا أخبارنا على|تابع قناتنا|تابع آخر الأخبار|للمزيد تابعونا|اشترك في|اشتركوا في|اشترك الآن|انضم إلى|انضموا إلى|انضم الى قناة|حمل تطبيق|حملوا تطبيق|شارك هذا|شارك الخبر|شارك المقال|شاركها|مشاركة عبر|اضغط هنا|انقر هنا|جميع الحقوق محفوظة|حقوق النشر|كل الحقوق محفوظة|لمتابعة آخر الأخبار|لمتابعة أخبارنا|يمكنكم متابعة|سجل في|النشرة البريدية",
	"follow us on|follow us|follow our|join us on|join our|subscribe to|subscribe now|sign up for|sign up to|sign up here|get the latest|get our|download our|download the app|like us on|find us on|connect with us|share this|share on|share with|click here|tap here|all rights reserved|copyright|our standards|reporting by|additional reporting|editing by|writing by|compiled by|with inputs from|this article was originally|this story was originally|this article originally appeared|continue reading|skip to|advertisement|advertising|sponsored content|cookie policy|we use cookies|this site uses cookies|accept cookies|report a typo|print this|email this|back to top|leave a comment|no comments yet|support our journalism|for more information visit|for more news",
	"suivez-nous|suivez nous|abonnez-vous|inscrivez-vous|rejoignez-nous|rejoignez la chaîne|recevez|partager cet article|partager sur|partagez|tous droits réservés|cliquez ici|téléchargez l'application|s'abonner|publicité|cet article est réservé|retrouvez-nous|retrouvez toute",
	"подписывайтесь на|подписывайтесь|подпишитесь на|подписаться на|присоединяйтесь к|следите за нашими|следите за новостями|читайте нас в|наш канал|наши каналы|больше новостей в|узнавайте о|все права защищены|поделиться|нажмите здесь|реклама|скачайте приложение|хотите быть в курсе|если вы нашли ошибку|нашли ошибку|сообщить об ошибке|подробнее на сайте",
	"síguenos en|síganos en|sigue nuestro|únete a|únase a|suscríbete|suscríbase|comparte en|compartir en|compartir esta|todos los derechos reservados|haz clic aquí|haga clic aquí|descarga la app|publicidad|recibe",
	"folgen sie uns|folge uns|abonnieren sie|jetzt abonnieren|melden sie sich an|alle rechte vorbehalten|hier klicken|teilen sie|artikel teilen|anzeige|newsletter",
	"siga-nos|siga o|inscreva-se|assine|compartilhe|compartilhar|todos os direitos reservados|clique aqui|baixe o app|receba|publicidade",
	"seguici su|iscriviti|condividi|tutti i diritti riservati|riproduzione riservata|clicca qui|scarica l'app|pubblicità",
	"śledź nas|obserwuj nas|dołącz do|subskrybuj|zapisz się|udostępnij|wszelkie prawa zastrzeżone|kliknij tutaj|reklama",
	"bizi takip edin|takip edin|bizi izleyin|abone olun|abone ol|kanalımıza|paylaş|tüm hakları saklıdır|tıklayın|reklam",
	"ما را در|به کانال|عضو شوید|کلیه حقوق|تمامی حقوق|اشتراک گذاری|انتهای پیام|ہمیں فالو کریں|سبسکرائب کریں|جملہ حقوق|עקבו אחרינו|הצטרפו|הירשמו|שתפו|כל הזכויות שמורות",
	"纠错|糾錯|关注我们|關注我們|扫码关注|扫描二维码|版权所有|責任編輯|责任编辑|编辑：|編輯：|点击查看|分享到|下载客户端|フォローする|無断転載|著作権|підписуйтесь на|підписуйтеся на|приєднуйтесь до|слідкуйте за|усі права захищені|всі права захищено|поділитися|стежте за",
)

// ends are sign-offs that make up a whole line.
var ends = newPhraseBook("انتهى|انتهي|يتبع|ا.هـ|end|ends|enditem|fin|конец|item ends|ende|fine|(完)|完|了")

// weak begin lines about the site only when the line also names a social network
// or a channel.
var weak = newPhraseBook("the post|متابعة|لمتابعة|تابعوا|تابع|تابعونا|اشترك|قناة|للاشتراك|للمزيد|صفحة|عبر|follow|join|watch|listen|read|find|visit|subscribe|send|contact|suivez|retrouvez|rejoignez|читайте|следите|смотрите|sigue|síguenos|folgen|siga|segui|takip|bizi|sosyal medyada|دنبال|关注|關注|фото|видео")

// networks are what weak lines name; folded, without spaces around.
var networks = []string{
	"telegram", "تلغرام", "تلجرام", "تليغرام", "تليجرام", "تيليغرام", "تيليجرام", "تلكرام", "телеграм", "телеграмм", "تلگرام", "whatsapp", "واتساب", "واتس اب", "واتس", "ватсап", "viber", "вайбер",
	"twitter", "تويتر", "твиттер", "facebook", "فيسبوك", "فيس بوك", "фейсбук", "instagram", "انستغرام", "انستجرام", "инстаграм", "اینستاگرام", "youtube", "يوتيوب", "ютуб", "tiktok", "تيك توك",
	"вконтакте", "дзен", "google news", "اخبار جوجل", "اخبار غوغل", "newsletter", "rss", "微信", "微博", "اپلیکیشن", "takip edin", "takip edebilirsiniz",
}

var bylines = newPhraseBook("by|par|por|von|автор|текст|كتب|كتبت|بقلم|إعداد|تحرير|تقرير|مراسلنا|yazan|haber|автори|記者|记者|文")

// headBytes is how much of a line is looked at to classify it.
const headBytes = 160

// head is the folded beginning of a line.
func head(s string) string {
	if len(s) > headBytes {
		cut := headBytes
		for cut > 0 && !utf8.RuneStart(s[cut]) {
			cut--
		}
		s = s[:cut]
	}
	return text.Fold(s)
}

// openers are the first words of all phrases: most lines begin with none of
// them and need no closer look.
var openers = func() map[string]bool {
	m := map[string]bool{}
	for _, book := range []phraseBook{related, headings, boilerplate, ends, weak} {
		for first := range book {
			m[first] = true
		}
	}
	return m
}()

// opening is the folded first word of a line; a single Han or Kana character
// counts as one, as in the phrases.
func opening(s string) string {
	start := strings.IndexFunc(s, isWordRune)
	if start < 0 {
		return ""
	}
	s = s[start:]
	if end := strings.IndexFunc(s, func(r rune) bool { return !isWordRune(r) && r != '.' }); end >= 0 {
		s = s[:end]
	}
	first, _, _ := strings.Cut(head(s), " ")
	return first
}

// maxLine is the length in bytes from which a line is running text for sure.
const maxLine = 1200

// classify says what a line is by its first words and its length.
func classify(s string) lineKind {
	if len(s) > maxLine {
		return plainLine
	}
	first := opening(s)
	switch {
	case first == "", isStamp(s, first):
		return boilerplateLine // rules, dots, arrows; when it was published
	case !openers[first]:
		if hasSocialAddress(s) && words(s) <= maxHeading || isAddress(s) && words(s) == 1 || strings.HasPrefix(s, "©") {
			return boilerplateLine
		}
		return plainLine
	}
	folded, n := head(s), words(s)
	if kind := classifyRelated(s, folded, n); kind != plainLine {
		return kind
	}
	switch {
	case n > maxBoilerplate:
	case ends.match(folded) == len(folded),
		boilerplate.match(folded) > 0,
		weak.match(folded) > 0 && (namesNetwork(folded) || hasSocialAddress(s)),
		n <= maxHeading && hasSocialAddress(s),
		strings.HasPrefix(folded, "the post ") && strings.Contains(folded, " appeared first on"):
		return boilerplateLine
	}
	return plainLine
}

func classifyRelated(s, folded string, n int) lineKind {
	size := related.match(folded)
	only := headings.match(folded)
	if size == 0 && only == 0 {
		return plainLine
	}
	whole := max(size, only) == len(folded) && len(s) <= headBytes
	colon := size+only > 0 && colonBehind(s, folded[:max(size, only)])
	switch {
	case whole:
		return relatedHeading
	case colon && n <= maxInlineColon:
		return relatedInline
	case size == 0 || endsSentence(s):
		return plainLine
	case n <= maxHeading && isHeadingRest(folded[size:]):
		return relatedHeading
	case n <= maxInline:
		return relatedInline
	}
	return plainLine
}

// isHeadingRest reports whether what follows a phrase still belongs to the
// heading ("More from Example News") and is no link's text.
func isHeadingRest(rest string) bool { return strings.Count(strings.TrimSpace(rest), " ") < 2 }

// colonBehind reports whether a colon, an arrow or a bar stands behind the
// phrase that the line begins with.
func colonBehind(s, phrase string) bool {
	left := strings.Count(phrase, " ") + 1
	inWord := false
	for _, r := range s {
		letter := isWordRune(r)
		switch {
		case letter && !inWord:
			if left == 0 {
				return false
			}
			left--
		case !letter && left == 0 && strings.ContainsRune(":：|»›>→►▶–—", r):
			return true
		}
		inWord = letter && r < 0x3040
	}
	return false
}

func namesNetwork(folded string) bool {
	for _, n := range networks {
		if strings.Contains(folded, n) {
			return true
		}
	}
	return false
}

func isAddress(s string) bool {
	return strings.HasPrefix(s, "http://") || strings.HasPrefix(s, "https://") || strings.HasPrefix(s, "www.") || strings.HasPrefix(s, "t.me/")
}

func hasSocialAddress(s string) bool {
	if strings.IndexByte(s, '/') < 0 {
		return false
	}
	for _, host := range []string{"//t.me/", " t.me/", "telegram.me/", "//wa.me/", "whatsapp.com/channel", "facebook.com/", "twitter.com/", "//x.com/", "instagram.com/", "youtube.com/", "tiktok.com/", "vk.com/"} {
		if strings.Contains(s, host) {
			return true
		}
	}
	return false
}
