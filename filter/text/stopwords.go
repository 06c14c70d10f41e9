package text

import (
	"maps"
	"slices"
	"strings"
	"sync"
	"unicode"
)

// stopLists are frequent function words by language, folded. They decide between
// languages of one script; a word that several languages share counts for each.
var stopLists = map[string]string{
	"en": "the of and to in a is that for on with as was by it at from be are this an has have not or were which but their they its he his she her we you will would been who had more after about into than also said over new what when can there if all out up one no our us them could how may people two first some other against under",
	"fr": "a le la les de des du et en un une est que qui dans pour sur au aux par pas plus ce se ne son sa ses avec il elle ont sont cette etre nous vous leur ete mais ou comme d l qu n s c y deux apres fait entre sans selon dit leurs ces aussi avait contre tout meme ils lui sous depuis face encore apres avant",
	"es": "a el la los las de del y en un una es que por para con se no su al lo como mas sus le ha han este esta sobre entre desde pero fue son ser sin tras muy hasta tambien ya o si donde dos segun anos contra todo cuando hay era porque nos e muy durante estos esto quien otros uno ante dijo hacia",
	"pt": "o a os as de do da dos das e em no na nos nas um uma que para por com se nao ao aos mais como foi sua seu seus suas pelo pela pelos pelas ou ser sao tem entre sobre apos ate ja muito quando tambem esta este isso ele ela mas dois anos segundo contra foram sem pode disse ha era eles num numa",
	"it": "a il lo la i gli le di del della dei delle degli e in un una che per con su da al alla ai alle dal dalla nel nella nei non si sono piu come ha hanno anche ma questo questa tra fra dopo stato stata sul sulla essere o ed contro anni due era suo sua loro cui quando l d dell all nell c quello prima solo dei ancora ed",
	"de": "der die das und in den von zu mit sich des auf fur ist im dem nicht ein eine als auch es an werden aus er hat dass sie nach wird bei einer um am sind noch wie einem uber einen so zum war haben nur oder aber vor zur bis mehr durch man sein wurde sei ihre seine gegen kann unter wenn wir ich was zwischen hatte seit gegenuber ab",
	"nl": "de het een van en in is dat op te zijn met voor niet aan er om ook die als maar bij of uit nog naar heeft dan door over wordt hij ze wat was worden hebben ik je meer tot wel tegen deze al geen onder werd dit tussen na zich moet kunnen zo haar hun",
	"sv": "och i att det som en pa ar av for med till den har de inte om ett var men sig fran vi sa kan nar han efter under ska hade eller vid mot man skulle sin ut nu vara over an mellan detta dem hon sedan enligt blev alla mycket aven",
	"da": "og i at det er en af til pa for med den der som de har ikke et om fra var men sig vi han skal efter kan ved mod ud over nar eller vil hun blev blive mellem jeg ogsa sin siger efter hvor ind deres have bliver noget meget nu",
	"no": "og i at det er en av til pa for med den som de har ikke et om fra var men seg vi han skal etter kan ved mot ut over nar eller vil hun ble bli mellom jeg ogsa sin sier hvor inn deres ha blir noe veldig dette fra etter mye na hadde",
	"is": "og i ad er sem a til um en vid hefur med fyrir ekki fra hann af thad var hun ad verid eru thvi eftir vera upp hafa sig thess ut segir honum her ser thar their ekki eda verdur sinni thessum",
	"fi": "ja on ei oli se etta han mutta ovat kun myos niin kuin joka olla mukaan tai sen ole jo vain nyt jos mita ne hanen sita vuoden viime jalkeen kanssa ennen sanoi voi olisi tama mukaan yli han kaikki siita eika vuonna",
	"pl": "i w na z do sie nie ze to jest o a po od jak za dla co przez tym ale czy oraz jego tak byl ich juz sa moze przed przy ktory ktora ktore jej tego roku ma byc ktorych tylko bedzie byla bylo pod ze by jeszcze gdy nad bez miedzy wobec podczas w",
	"cs": "a v se na je ze s z o do i to k ve pro za by jako po si ale od jsou podle uz jeho bude jeste tak ktere ktery ktera byl co nebo pri ma let roku aby jen mezi pred jsem byla bylo jejich tim az vsak take nove jak proti tom u mu kdyz nez pod take",
	"sk": "a v sa na je ze s z o do aj to k vo pre za by ako po si ale od su podla uz jeho bude este tak ktore ktory ktora bol co alebo pri ma rokov roku aby len medzi pred som bola bolo ich tym az vsak tiez proti pod ked nie",
	"hu": "a az es hogy nem is egy ez meg de volt csak mint ki el mar azt van at szerint lesz volna lehet vagy kell sem amely ezt pedig fel meg majd akik azonban ellen kozott utan mert ha nincs hogy be ami arra",
	"ro": "si de in la cu a pe din nu ca este un o sa pentru care fost au mai ce al ale lui dupa prin sau sunt fi dar cel cea intre catre despre pana va acest aceasta lor ei fara unei unui iar asupra cand doar tot fiind",
	"sl": "je v in se na za da so ki pri po iz tudi bo ne pa kot od do ali ce bil bila bilo bi ter med se ob bodo smo ni sta ga jih leta let lahko vec zaradi pred proti tem ta to ker ze svoj svoje sej saj kjer njegov njihov letos danes vceraj po besedah dejal povedal",
	"hr": "je i u na se za da su od s o do a kako iz koji koja koje nije po sto bi ce kao ne to ili samo biti te ali bio bila bilo jos sve nakon prema kod sa oko rekao zbog uz treba godine dok",
	"tr": "ve bir bu da de icin ile olarak cok daha olan gibi ne var en sonra kadar oldugu ise ancak icinde veya her yeni dedi olan ki degil mi etti ya iki gore bin yil hem uzerinde karsi tarafindan eden edildi oldu olacak arasinda",
	"id": "yang dan di dari untuk dengan pada ini itu dalam tidak akan ke oleh adalah juga telah karena bisa ada kepada sebagai mereka saat lebih tersebut kata para atau menjadi seorang tahun sudah dia kami bahwa seperti setelah harus namun antara",
	"vi": "va cua la co cho khong duoc trong mot cac voi nay da den nguoi khi tai ra nhung ve theo nhu tu sau vao o se bi cung nam",
	"sq": "te dhe ne e i per nga me qe nje se ka eshte do jane po si pas ta kjo ky tha duke kane nuk edhe por u",
	"lt": "ir i kad yra su is del bei kaip ne buvo tai apie jau po bet uz nuo o savo metu taip pat pagal kuris gali jis ar bus tik",
	"lv": "un ir ka ar no par uz ka bija to tas bet vai pie lai pec kas ari savu gada vel ta nav vina ko",
	"et": "ja on ei et see ning oli mis kui ka aga selle oma ta kes nii veel voi ole siis seda juba parast poolt olnud aasta",

	"ru": "и в не на что с по как из к за от о для это его но он до при же были был а у или была так их бы все мы только также она после году под которые со если я они ее того этого может было быть уже об том чтобы который ранее над между",
	"uk": "і в не на що з по як із до за від про для це його але він при та й у або була так їх все ми тільки також вона після році під які зі якщо я вони її того цього може було бути вже щоб який раніше над між є був ще",
	"bg": "и в не на че с по как от за до със това му но той при са а или беше така се ще да е като които след което има може които през към бъде само още който между няма обаче ги във",
	"sr": "и у не на да се је су за од са по као из до а о који која које то али би не бити након код због ће године више само како или рекао против између још",
	"mk": "и во не на што се е со за од да по како до а кои кој која но ќе го ја ги би тоа или само меѓу против беше биде",
	"be": "і ў не на што з па як за ад для гэта яго але ён пры былі быў а у або была так іх каб усе толькі таксама яна пасля годзе пад якія калі яны можа было ужо",
}

// languages are those that have a stop list, in order; a set of them is a word of bits.
var languages = slices.Sorted(maps.Keys(stopLists))

const (
	maxLanguages = 64
	maxLetters   = 128 // that tell languages apart
)

// stopTable finds the languages in which a word is frequent, by the word's hash.
type stopTable struct {
	hashes [1 << stopBits]uint64
	langs  [1 << stopBits]uint64
}

const stopBits = 13

// stopWords turns the lists around, at first use.
var stopWords = sync.OnceValue(func() *stopTable {
	t := &stopTable{}
	for i, lang := range languages {
		for w := range strings.FieldsSeq(stopLists[lang]) {
			t.add(hashString(w), i)
		}
	}
	return t
})

// add files a hash under the i-th language.
func (t *stopTable) add(hash uint64, i int) {
	at := t.slot(hash)
	t.hashes[at] = hash
	t.langs[at] |= 1 << i
}

// slot is where a hash is, or would be.
func (t *stopTable) slot(hash uint64) uint64 {
	at := hash >> (64 - stopBits)
	for t.hashes[at] != 0 && t.hashes[at] != hash {
		at = (at + 1) & (1<<stopBits - 1)
	}
	return at
}

func (t *stopTable) of(hash uint64) uint64 { return t.langs[t.slot(hash)] }

// tellTales are tables of what single letters say.
type tellTales struct {
	arab   [4][64]uint8  // a letter of the Arabic block -> what it says
	letter [0x530]uint8  // letter of Latin or Cyrillic -> its row in hints, 0: none
	hints  [][]int       // languages, by number; one that stands twice counts twice
	script [0x1000]uint8 // sixteen runes -> their row in singleScripts, +1
}

var telling = sync.OnceValue(func() *tellTales {
	t := &tellTales{hints: [][]int{nil}}
	rows := map[rune]uint8{}
	for _, r := range slices.Sorted(maps.Keys(letterHints)) {
		var langs []int
		for lang := range strings.FieldsSeq(letterHints[r]) {
			langs = append(langs, slices.Index(languages, lang))
		}
		rows[r] = uint8(len(t.hints))
		t.hints = append(t.hints, langs)
	}
	for r := range rune(len(t.letter)) {
		if row, ok := rows[r]; ok {
			t.letter[r] = row
		} else {
			t.letter[r] = rows[unicode.ToLower(r)]
		}
	}
	for r := rune(0x600); r < 0x700; r++ {
		t.arab[r>>6&3][r&0x3F] = arabKind(r)
	}
	for i, c := range singleScripts {
		for _, block := range c.table.R16 {
			for r := rune(block.Lo); r <= rune(block.Hi); r += rune(block.Stride) {
				if unicode.IsLetter(r) {
					t.script[r>>4] = uint8(i + 1)
				}
			}
		}
	}
	return t
})

// letterHints are letters that only some languages of a script write; each counts
// like a stop word, and those of one language alone like two.
var letterHints = map[rune]string{
	'ß': "de de", 'ä': "de sv fi et sk", 'ö': "de sv fi tr hu et is", 'ü': "de tr hu et",
	'ñ': "es es", '¿': "es es", '¡': "es es", 'á': "es pt cs sk hu is", 'í': "es pt cs sk hu is", 'ó': "es pt pl hu sk is", 'ú': "es pt cs sk hu is",
	'ã': "pt pt", 'õ': "pt et", 'â': "pt fr ro", 'ê': "pt fr vi", 'ô': "pt fr sk vi",
	'ç': "fr pt tr", 'è': "fr it", 'à': "fr it pt", 'ù': "fr it", 'œ': "fr fr", 'î': "fr ro", 'ï': "fr", 'ë': "sq nl fr", 'ò': "it",
	'ì': "it", 'é': "fr es pt hu cs sk is", 'ą': "pl lt", 'ę': "pl lt", 'ł': "pl pl", 'ś': "pl pl", 'ź': "pl pl", 'ż': "pl pl", 'ć': "pl hr", 'ń': "pl pl",
	'ř': "cs cs", 'ě': "cs cs", 'ů': "cs cs", 'ý': "cs sk is", 'č': "cs sk hr lt lv", 'š': "cs sk hr lt lv et", 'ž': "cs sk hr lt lv et", 'ľ': "sk sk", 'ť': "sk cs", 'ď': "sk cs", 'ň': "sk cs",
	'ő': "hu hu", 'ű': "hu hu", 'ğ': "tr tr", 'ı': "tr tr", 'ş': "tr tr", 'İ': "tr tr", 'ț': "ro ro", 'ș': "ro ro", 'ă': "ro ro", 'ţ': "ro ro",
	'å': "sv da no fi", 'æ': "da no is", 'ø': "da no", 'þ': "is is", 'ð': "is is", 'đ': "hr vi", 'ė': "lt lt", 'ų': "lt lt", 'ū': "lt lv", 'ā': "lv lv", 'ē': "lv lv", 'ņ': "lv lv", 'ģ': "lv lv", 'ơ': "vi vi", 'ư': "vi vi",

	'і': "uk uk be", 'ї': "uk uk", 'є': "uk uk", 'ґ': "uk uk", 'ы': "ru ru be", 'э': "ru ru be", 'ё': "ru ru be", 'ў': "be be", 'ъ': "bg ru",
	'ј': "sr mk", 'љ': "sr mk", 'њ': "sr mk", 'ћ': "sr sr", 'ђ': "sr sr", 'џ': "sr mk", 'ѓ': "mk mk", 'ќ': "mk mk", 'ѕ': "mk mk", 'щ': "ru uk bg",
}
