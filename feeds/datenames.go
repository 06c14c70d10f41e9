package feeds

import "strings"

// monthNames lists the months in the languages of the feeds, folded as
// foldDate folds: lower case, no diacritics, one form of alef, yeh and heh. A
// line is a month; a word of three letters or more that begins one of these names
// means it too.
var monthNames = [12]string{
	"january janvier januar januari janner enero gennaio janeiro styczen stycznia leden ledna ianuarie januar sausis ocak oca tammikuu " +
		"января январь січня січень студзеня януари јануар ιανουαριος ιανουαριου ינואר يناير جانفي ژانويه جنوري जनवरी januaris janvaris jaanuar yanvar қаңтар มกราคม",
	"february fevrier februar februari feber febrero febbraio fevereiro luty lutego unor unora februarie vasaris subat sub helmikuu " +
		"февраля февраль лютого лютий лютага февруари фебруар φεβρουαριος φεβρουαριου פברואר فبراير شباط فيفري فوريه فروري फरवरी februaris veebruar fevral ақпан กุมภาพันธ์",
	"march mars marz maerz mrz maart marzo marco marec marzec marca brezen brezna martie marcius kovas mart maaliskuu " +
		"марта март березня березень сакавика март мартие μαρτιος μαρτιου מרץ מרס مارس اذار مارچ मार्च maret machi mac martis mart наурыз มีนาคม",
	"april avril abril aprile kwiecien kwietnia duben dubna aprilie aprilis balandis nisan nis huhtikuu " +
		"апреля апрель квітня квітень красавика април απριλιος απριλιου אפריל ابريل نيسان افريل اوريل اپريل अप्रैल aprilis aprill aprili aprel сәуір เมษายน",
	"may mai mayo maggio maio mei maj maja kveten kvetna majus geguze mayis toukokuu " +
		"мая май травня травень мај μαιος μαιου מאי مايو ايار ماي مه مئي मई maijs may мамыр พฤษภาคม",
	"june juin juni junio giugno junho czerwiec czerwca cerven cervna iunie junius birzelis haziran haz kesakuu " +
		"июня июнь червня червень чэрвеня юни јун ιουνιος ιουνιου יוני يونيو يونيه حزيران جوان ژوئن جون जून junijs juuni iyun маусым มิถุนายน",
	"july juillet juil juli julio luglio julho lipiec lipca cervenec cervence iulie julius liepa temmuz tem heinakuu " +
		"июля июль липня липень липеня юли јул ιουλιος ιουλιου יולי يوليو يوليه تموز جويليه ژوئيه جولائي जुलाई julijs juuli iyul julai шілде กรกฎาคม",
	"august aout augustus agosto sierpien sierpnia srpen srpna augusztus rugpjutis agustos agu elokuu " +
		"августа август серпня серпень жніуня αυγουστος αυγουστου אוגוסט اغسطس اب اوت غشت آگوست اگست अगस्त augusts agustus agosti avqust avgust ogos тамыз สิงหาคม",
	"september septembre septiembre setiembre settembre setembro wrzesien wrzesnia zari szeptember rugsejis eylul eyl syyskuu " +
		"сентября сентябрь вересня вересень верасня септември септембар σεπτεμβριος σεπτεμβριου ספטמבר سبتمبر ايلول شتنبر سپتامبر ستمبر सितंबर septembris septemba sentyabr sentabr қыркүйек กันยายน",
	"october octobre oktober octubre ottobre outubro pazdziernik pazdziernika rijen rijna octombrie spalis ekim eki lokakuu " +
		"октября октябрь жовтня жовтень кастрычніка октомври октобар οκτωβριος οκτωβριου אוקטובר اكتوبر اكتبر अक्टूबर oktobris oktoober oktoba oktyabr oktabr қазан ตุลาคม",
	"november novembre noviembre novembro listopad listopada listopadu noiembrie lapkritis kasim kas marraskuu " +
		"ноября ноябрь листопада листопад лістапада ноември новембар νοεμβριος νοεμβριου נובמבר نوفمبر نونبر نوامبر نومبر नवंबर novembris novemba nopember noyabr қараша พฤศจิกายน",
	"december decembre dezember diciembre dicembre dezembro grudzien grudnia prosinec prosince decembrie gruodis aralik ara joulukuu " +
		"декабря декабрь грудня грудень снежня декември децембар δεκεμβριος δεκεμβριου דצמבר ديسمبر دجنبر دسامبر دسمبر दिसंबर decembris detsember desember desemba disember dekabr желтоқсан ธันวาคม",
}

// twoWordMonths are the Levant's names that share a word.
var twoWordMonths = strings.NewReplacer(
	"كانون الثاني", "يناير", "كانون ثاني", "يناير", "كانون الاول", "ديسمبر", "كانون اول", "ديسمبر",
	"تشرين الاول", "اكتوبر", "تشرين اول", "اكتوبر", "تشرين الثاني", "نوفمبر", "تشرين ثاني", "نوفمبر",
)

// months maps every name, and every beginning of one that means one month only,
// to 1..12. It is built once and only read.
var months = func() map[string]int {
	m := map[string]int{}
	ambiguous := map[string]bool{}
	for i, names := range monthNames {
		for _, name := range strings.Fields(foldDate(names)) {
			runes := []rune(name)
			for n := 3; n < len(runes); n++ {
				short := string(runes[:n])
				if have, ok := m[short]; ok && have != i+1 {
					ambiguous[short] = true
				}
				m[short] = i + 1
			}
		}
	}
	for short := range ambiguous {
		delete(m, short)
	}
	for i, names := range monthNames {
		for _, name := range strings.Fields(foldDate(names)) {
			m[name] = i + 1
		}
	}
	for short, n := range map[string]int{"mar": 3, "jun": 6, "jul": 7, "sept": 9, "sep": 9, "dic": 12, "июн": 6, "июл": 7, "мар": 3, "сеп": 9} {
		m[short] = n
	}
	return m
}()

// zones are the abbreviations in use, in minutes east of UTC. Of those with
// several meanings the one that news uses most: IST is India's, BST Britain's,
// CST North America's.
var zones = map[string]int{
	"z": 0, "ut": 0, "utc": 0, "gmt": 0, "wet": 0, "west": 60, "bst": 60, "cet": 60, "mez": 60, "met": 60, "cest": 120, "mesz": 120, "mest": 120,
	"eet": 120, "eest": 180, "sast": 120, "cat": 120, "wat": 60, "eat": 180, "msk": 180, "msd": 240, "trt": 180, "мск": 180, "idt": 180,
	"gst": 240, "irst": 210, "irdt": 270, "pkt": 300, "ist": 330, "npt": 345, "bdt": 360, "ict": 420, "wib": 420, "wita": 480, "wit": 540,
	"hkt": 480, "sgt": 480, "myt": 480, "pht": 480, "awst": 480, "jst": 540, "kst": 540, "acst": 570, "acdt": 630, "aest": 600, "aedt": 660,
	"nzst": 720, "nzdt": 780, "nst": -210, "ndt": -150, "ast": -240, "adt": -180, "est": -300, "edt": -240, "cst": -360, "cdt": -300,
	"mst": -420, "mdt": -360, "pst": -480, "pdt": -420, "akst": -540, "akdt": -480, "hst": -600, "brt": -180, "brst": -120, "art": -180,
	"clt": -240, "clst": -180, "cot": -300, "pet": -300, "vet": -240, "bot": -240, "et": -300, "ct": -360, "pt": -480,
}

// halves of the day: true for the second one.
var halves = map[string]bool{
	"am": false, "a.m": false, "a.m.": false, "ص": false, "صباحا": false, "上午": false, "午前": false, "오전": false, "πμ": false, "قظ": false,
	"pm": true, "p.m": true, "p.m.": true, "م": true, "مساء": true, "下午": true, "午後": true, "오후": true, "μμ": true, "بظ": true,
}
