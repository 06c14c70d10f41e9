package page

import (
	"regexp"
	"strings"

	"wirewatch/filter/text"
)

// maxStamp is the number of words up to which a line can be a time stamp.
const maxStamp = 14

// stampWords are the words, besides numbers and months, of lines that say when a
// report was published or how long it takes to read.
var stampWords = func() map[string]bool {
	m := map[string]bool{}
	for _, list := range []string{
		"published updated last modified posted on at by min mins minute minutes hour hours day days ago read reading time am pm utc gmt est edt cet bst jst monday tuesday wednesday thursday friday saturday sunday today yesterday",
		"publié mis à jour le la modifié il y a lecture heures heure jours dernière mise lundi mardi mercredi jeudi vendredi samedi dimanche",
		"veröffentlicht aktualisiert am um uhr stand zuletzt lesezeit vor stunden montag dienstag mittwoch donnerstag freitag samstag sonntag",
		"publicado actualizado el a las h hora horas lectura hace lunes martes miércoles jueves viernes sábado domingo",
		"atualizado em às há leitura segunda terça quarta quinta sexta feira pubblicato aggiornato il alle ore lettura fa",
		"опубликовано обновлено в минут минуты назад час часа часов сегодня вчера время чтения мск опубліковано оновлено о хвилин тому",
		"giriş tarihi güncelleme yayın yayınlanma tarih saat dakika önce son okuma süresi pazartesi salı çarşamba perşembe cuma cumartesi pazar opublikowano aktualizacja godz temu",
		"نشر في تم النشر آخر تحديث تاريخ الساعة منذ قبل دقيقة دقائق دقيقتين ساعة ساعات ساعتين يوم أيام الأحد الاثنين الإثنين الثلاثاء الأربعاء الخميس الجمعة السبت م هـ ص بتوقيت غرينتش مدة القراءة",
		"کد خبر تاریخ انتشار ساعت بروزرسانی به روز رسانی دقیقه پیش شنبه یکشنبه دوشنبه سه شنبه چهارشنبه پنجشنبه جمعه",
		"פורסם עודכן לפני דקות שעות שעה בשעה יום 年 月 日 時 分 更新 发布 時間 时间",
	} {
		for _, w := range strings.Fields(text.Fold(list)) {
			m[w] = true
		}
	}
	return m
}()

// clockTime is a time of the day, or a date of numbers.
var clockTime = regexp.MustCompile(`(?:^|[^\d:.,])(?:[01]?\d|2[0-3])[:h][0-5]\d(?:$|[^\d:])|\d{1,4}[./-]\d{1,2}[./-]\d{2,4}|\d{4}年`)

// isStamp reports whether a line says only when a report was published, or how
// long it takes to read: "16:40", "Publié le 10 janvier 2026 à 18h02 - Lecture 2 min.".
// first is its opening.
func isStamp(s, first string) bool {
	if len(s) > headBytes || first != ago && !hasDigit(s) {
		return false
	}
	ws := text.Words(s)
	if len(ws) == 0 || len(ws) > maxStamp {
		return false
	}
	known := 0
	for _, w := range ws {
		switch {
		case stampWords[w], monthNames[w]:
			known++
		case strings.Trim(w, "0123456789hz") == "":
		default:
			return false
		}
	}
	return known > 0 && (known > 1 || len(ws) < 6) || clockTime.MatchString(s)
}

// hasDigit reports whether a line has a digit that dates are written with.
func hasDigit(s string) bool {
	return strings.IndexFunc(s, func(r rune) bool { return r <= '9' && r >= '0' || r >= '٠' && r <= '٩' || r >= '۰' && r <= '۹' }) >= 0
}

// ago begins "a minute ago" in Arabic, which needs no number.
var ago = text.Fold("قبل")
