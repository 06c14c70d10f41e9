package feeds

import (
	"testing"
	"time"
)

func TestParseDate(t *testing.T) {
	const evening = "2022-01-10T18:30:00Z"
	for s, want := range map[string]string{
		// RFC 822 and its slips
		"Mon, 10 Jan 2022 18:30:00 GMT": evening, "Mon, 10 Jan 2022 18:30:00 +0000": evening, "Mon,10 Jan 2022 18:30:00 UT": evening,
		"10 Jan 22 18:30 Z": evening, "Mon, 10 January 2022 13:30:00 EST": evening, "Mon, 10 Jan 2022 10:30:00 PST": evening,
		"Mon, 10 Jan 2022 21:30:00 MSK": evening, "Mon, 10 Jan 2022 19:30:00 CET": evening, "Mon, 10 Jan 2022 21:30:00 +03": evening,
		"Mon, 10 Jan 2022 21:30:00 GMT+3": evening, "Mon, 10 Jan 2022 21:30:00 GMT+03:00": evening, "Mon, 10 Jan 2022 18:30": evening,
		"Monday, January 10, 2022 6:30 PM": evening, "Mon, Jan 10 2022 06:30:00 PM": evening, "Mon Jan 10 18:30:00 2022": evening,
		"Mon Jan 10 18:30:00 UTC 2022": evening, "Mon, 10 Jan 2022 18:30:00 +3000": evening, "Mon, 10-Jan-2022 18:30:00 GMT": evening,
		"January 10, 2022, 6:30 p.m.": evening, "10 Jan 2022 12:30 a.m.": "2022-01-10T00:30:00Z", "Mon, 10 Jan 2022 24:00:00 GMT": "2022-01-11T00:00:00Z",
		"Thu, 31 Dec 98 23:59:60 GMT": "1999-01-01T00:00:00Z", "Jan 2022": "2022-01-01T00:00:00Z",
		// ISO 8601 and W3C-DTF
		"2022-01-10T18:30:00Z": evening, "2022-01-10T18:30:00.123456Z": "2022-01-10T18:30:00Z", "2022-01-10T21:30+03:00": evening, "2022-01-10 18:30:00": evening,
		"2022-01-10 13:30:00 -0500": evening, "2022-01-10T18:30:00+00:0": evening, "20220110T183000Z": evening, "20220110": "2022-01-10T00:00:00Z",
		"2022-010T18:30Z": evening, "2022010": "2022-01-10T00:00:00Z", "2022-01-10": "2022-01-10T00:00:00Z", "2022-01": "2022-01-01T00:00:00Z", "2022": "2022-01-01T00:00:00Z",
		"2022/01/10 18:30": evening, "2022.1.10 18:30": evening, "2022-01-10T18:30:00 GMT": evening, "2022-01-10T18:30:00Z[UTC]": evening,
		// numbers
		"10/01/2022 18:30": evening, "10.01.2022 18:30": evening, "10.01.2022, 18.30 Uhr": evening, "10-01-2022 18:30:00": evening, "01/13/2022": "2022-01-13T00:00:00Z",
		"1/10/2022 6:30:00 PM": evening, "1641839400": evening, "1641839400000": evening,
		// languages
		"lun, 10 ene 2022 18:30:00 +0000": evening, "lundi 10 janvier 2022 à 18h30": evening, "mar, 11 jan 2022 18:30:00 +0000": "2022-01-11T18:30:00Z",
		"mer, 16 nov 2022 00:38:15 +0100": "2022-11-15T23:38:15Z", "Mo, 10 Jan 2022 19:30:00 MEZ": evening, "Di, 1 März 2022 10:00": "2022-03-01T10:00:00Z",
		"Пн, 10 янв 2022 21:30:00 +0300": evening, "10 января 2022 г., 18:30": evening, "10 січня 2022, 18:30": evening, "пон, 10 сты 2022": "",
		"الاثنين، 10 يناير 2022 18:30": evening, "الإثنين 10 كانون الثاني 2022 - 18:30": evening, "١٠ يناير ٢٠٢٢ ١٨:٣٠": evening, "10 يناير 2022 06:30 م": evening,
		"17 كانون الأول 2021": "2021-12-17T00:00:00Z", "5 تشرين الثاني 2021": "2021-11-05T00:00:00Z", "۱۰ ژانویه ۲۰۲۲ ۱۸:۳۰": evening,
		"10 Ocak 2022 18:30": evening, "Pzt, 10 Oca 2022 18:30:00 +0000": evening, "pon., 10 sty 2022 18:30:00 +0000": evening, "10 de janeiro de 2022 18:30": evening,
		"2022年1月10日 18:30": evening, "2022年01月10日 18时30分": evening, "2022년 1월 10일 18:30": evening, "2022年1月10日 下午6:30": evening, "10 ינואר 2022 18:30": evening,
		"Δευ, 10 Ιαν 2022 18:30:00 +0000": evening, "10 जनवरी 2022 18:30": evening, "10 جنوری 2022 18:30": evening,
		// no dates
		"": "", "yesterday": "", "Mon, 32 Jan 2022": "", "31 Feb 2022": "", "10 Foo 2022": "", "26 شوال 1436": "", "0000-00-00 00:00:00": "", "1402/10/20": "",
		"2022-13-10": "", "Mon, 10 Jan 12022": "",
	} {
		got, ok := parseDate(s, false)
		if want == "" {
			if ok {
				t.Errorf("%q is read as %s", s, got)
			}
			continue
		}
		if !ok || got.Format("2006-01-02T15:04:05Z") != want || got.Location() != time.UTC {
			t.Errorf("%q: %s (%v), want %s", s, got.Format(time.RFC3339), ok, want)
		}
	}
	if got, _ := parseDate("2/1/2022", true); got.Month() != time.February {
		t.Errorf("month first: %s", got)
	}
}

func TestFutureDatesAreKept(t *testing.T) {
	d, err := Parse([]byte(`<rss><channel><item><title>x</title><pubDate>Mon, 10 Jan 2101 18:30:00 GMT</pubDate></item></channel></rss>`), nil, "")
	if err != nil || d.Articles[0].Published.Year() != 2101 {
		t.Errorf("%v, %v", err, d)
	}
}

func FuzzDate(f *testing.F) {
	for _, s := range []string{"Mon, 10 Jan 2022 18:30:00 GMT", "2022-01-10T18:30:00+03:00", "١٠ يناير ٢٠٢٢", "2022年1月10日", "10/1/22 6:30 PM"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		if when, ok := parseDate(s, false); ok && (when.Year() < 1969 || when.Year() > 2300) {
			t.Errorf("%q is %s", s, when)
		}
	})
}
