package page

import (
	"strings"

	"wirewatch/filter/text"
)

// agencyBook finds the name of an agency among folded words: first word to the
// names, each as its words.
type agencyBook map[string][][]string

// at is how many words of the longest agency's name toks begins with; 0 none.
func (b agencyBook) at(toks []tok) int {
	if len(toks) == 0 {
		return 0
	}
	best := 0
next:
	for _, name := range b[toks[0].fold()] {
		if len(name) <= best || len(name) > len(toks) {
			continue
		}
		for i, w := range name {
			if toks[i].fold() != w {
				continue next
			}
		}
		best = len(name)
	}
	return best
}

// agencies are news agencies, and what papers write in their place. Names that
// are also words ("بنا", "معا") count only where the punctuation of a dateline
// stands around them, as all of them do.
var agencies = func() agencyBook {
	b := agencyBook{}
	for _, list := range []string{
		"سانا|واس|وام|قنا|كونا|بنا|معا|وفا|بترا|مينا|أ ش أ|أش أ|وكالة أنباء الشرق الأوسط|واع|نينا|واج|وات|وال|سونا|ومع|عمانية|العمانية|سبأ|سبأنت|صفا|شهاب|رويترز|أ ف ب|أف ب|ا ف ب|فرانس برس|أ ب|اسوشيتد برس|أسوشيتد برس|د ب أ|د ب ا|تاس|نوفوستي|سبوتنيك|إنترفاكس|شينخوا|الأناضول|اناضول|إرنا|فارس|مهر|تسنيم|إيسنا|آكي|يونهاب|كيودو|وكالات|الوكالات|متابعات|رصد|خاص|سبق|عواجل|يو بي آي|يونايتد برس|افي|إفي|نوفا|الأنباء|الوطنية|الوكالة الوطنية للإعلام",
		"reuters|ap|associated press|afp|agence france presse|upi|dpa|dpa international|ansa|efe|lusa|ats|sda|awp|apa|anp|belga|tt|ntb|ritzau|stt|pap|čtk|ctk|tasr|mti|agerpres|bta|tanjug|hina|sta|mia|ana|amna|cna|aa|anadolu|anadolu agency|iha|dha|tass|itar tass|ria novosti|ria|interfax|interfax ukraine|ukrinform|unian|sputnik|belta|kazinform|trend|azertac|armenpress|xinhua|cns|kyodo|jiji|jiji press|yonhap|kcna|cna|antara|bernama|tna|vna|pna|pti|ians|ani|uni|app|bss|slna|sana|spa|wam|qna|kuna|bna|ona|petra|nna|mena|map|aps|tap|lana|suna|saba|wafa|irna|isna|fars|mehr|tasnim|press tv|agencies|news agencies|agency|agencias|agences|agenturen|agi|adnkronos|askanews|nova|europa press|ep|notimex|prensa latina|telam|télam|agencia brasil|agência brasil|estadao|jta|panapress|nan|sapa|ena|kna|bloomberg|cnn|bbc|the guardian|ynet",
		"тасс|итар тасс|риа новости|риа|интерфакс|интерфакс украина|прайм|регнум|росбалт|белта|казинформ|тренд|азертадж|арменпресс|арминфо|кабар|ховар|унн|униан|укринформ|рбк|рбк украина|лига|синьхуа|рейтер|франс пресс|спутник|спутник новости|sputnik|минск новости|укрінформ|уніан|лігабізнесінформ|інтерфакс україна",
		"ایرنا|ایسنا|فارس|مهر|تسنیم|ایلنا|باشگاه خبرنگاران|خبرگزاری|اے پی پی|این این آئی|روئٹرز|رویترز|آناتولی|صدا و سیما|ایکنا|شفقنا|برنا|باختر|پژواک|اسپوتنیک",
		"רויטרס|סוכנות הידיעות|סוכנויות הידיעות|סוכנויות|איי פי|אי פי|איי אף פי|אי אף פי|טאס|שינחואה|אנדולו|תצפית",
	} {
		for name := range strings.SplitSeq(list, "|") {
			words := strings.Fields(text.Fold(name))
			if len(words) > 0 {
				b[words[0]] = append(b[words[0]], words)
			}
		}
	}
	return b
}()

// monthNames are folded names and abbreviations of months, Gregorian and Hijri.
var monthNames = func() map[string]bool {
	m := map[string]bool{}
	for _, list := range []string{
		"يناير فبراير مارس أبريل إبريل مايو يونيو يونيه يوليو يوليه أغسطس سبتمبر أكتوبر نوفمبر ديسمبر كانون شباط آذار نيسان أيار حزيران تموز آب أيلول تشرين جانفي فيفري أفريل ماي جوان جويلية أوت غشت شتنبر نونبر دجنبر",
		"محرم صفر ربيع جمادى رجب شعبان رمضان شوال ذو ذي القعدة الحجة",
		"january february march april may june july august september october november december jan feb mar apr jun jul aug sep sept oct nov dec",
		"janvier février mars avril mai juin juillet août septembre octobre novembre décembre janv févr fév avr juil déc",
		"января февраля марта апреля мая июня июля августа сентября октября ноября декабря янв фев февр мар апр июн июл авг сен сент окт ноя нояб дек",
		"січня лютого березня квітня травня червня липня серпня вересня жовтня листопада грудня січ лют бер квіт трав черв лип серп вер жовт лист груд",
		"enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre ene abr ago dic",
		"januar februar märz juni juli oktober dezember jänner mrz okt dez",
		"janeiro fevereiro março maio junho julho setembro outubro novembro dezembro fev set out dez",
		"gennaio febbraio aprile maggio giugno luglio settembre ottobre dicembre gen mag giu lug ott",
		"stycznia lutego marca kwietnia maja czerwca lipca sierpnia września października listopada grudnia",
		"ocak şubat mart nisan mayıs haziran temmuz ağustos eylül ekim kasım aralık",
		"ژانویه فوریه مارس آوریل مه ژوئن ژوئیه اوت سپتامبر اکتبر نوامبر دسامبر فروردین اردیبهشت خرداد تیر مرداد شهریور مهر آبان آذر دی بهمن اسفند",
	} {
		for _, name := range strings.Fields(list) {
			m[text.Fold(name)] = true
		}
	}
	return m
}()
