package text

import (
	"strings"
	"sync"
	"unicode/utf8"
)

// wordShapes are endings and, with a dash behind, beginnings of longer words by language, folded. They
// decide where a headline has few function words.
var wordShapes = map[string]string{
	"en": "ing tion ment ness ers ght ould ies ted led red nds ents ally ough ther hip ed ly ty ry th sh ck wn ey ks ts rs ns",
	"fr": "tion tions ment eur eurs eux aux ait aient ique iques ees iers elle ance ence age ais ee ant ents ue nt re es er oir gne",
	"es": "cion ciones dad aron ando iendo ados idos mente ero eros anos arios encia ado ido nte dor dora os as on ar ez bre illo ndo",
	"pt": "cao coes dade aram ando endo mente eiro eira ncia ios agem oes aos am em ado ido dor nto ia os as ar ndo ento al",
	"it": "zione zioni ato ati are ere ire tto tti anza enza ino ndo ale ali ssi ggi lla gli io ti ni ri to ta ia mo cco ano ono",
	"de": "ung ungen lich isch ische keit heit chen cht eren ten tet ern nen ssen sche igen ige tzt ert rn ft tz en er ge- ver- ent- auf- aus- ein- zu- sch- st-",
	"nl": "ing ingen lijk heid eren den ven gen len ijk ijd oor uur eur aat aal eel oon ijf ijn ig rd ren sen nen ere ge- ver- ont- uit- aan- oo- ee- aa-",
	"sv": "ande ade arna erna ning ningar ades het are ligt igt ats kt an en ar or na fors- ut- upp- in-",
	"da": "ede ende erne ning else elser hed ene lig dt gt et er ter for- ud- op- ind-",
	"no": "ene ende ning else elser het ede lig et er tt ter for- ut- opp- inn-",
	"is": "inn inum unum num um ar ur unni ins sins adi nni ndi lega rum tur mum gar di na nar nda",
	"fi": "nen sta lla lle ssa ksi sti vat ista issa iin aan een oon uun jat tta kin maan taan isi nut lta sia jan ntaa mme nsa ttaa aa uu ut it oi ui la lu ko at ss- tt- kk- ii- aa- yo- tuo- kes- jal- paa- tyo- maa-",
	"et": "ud st sse ga ks vad tud se mine le te nud dele ust ida",
	"pl": "ego ych owie ach ami anie enie osc osci owy owa owe aja ski ska skie cie szy rzy owi cych iem ow yl nia wy dzi przy- prze- wy- roz- po- pr-",
	"cs": "eho ych ove ani eni osti uje ky ich ost ici aji eny nich sti cich vat nou la li lo ni mi tu pri- vy- pre- roz- na- ne- za- po-",
	"sk": "eho ych ove anie enie osti uje ich ost aju nych mi ie om pri- vy- pre- roz-",
	"hu": "nak nek ban ben bol rol tol hoz val vel sag seg ott ett tak tek nal nel ok ek ak ert ra re kat ket meg- fel- kor- sz- gy-",
	"ro": "ului ilor area ele eaza ati tii tia tie atie ea ii ul uri esc rea ate at",
	"sl": "ega emu ijo nje anje enje ski skih ega eno ih imi jo ila ili ovi cev nik ost osti oval iti ati ev ka ko pri- pre- raz- po-",
	"hr": "ija ije anje enje sko ski ovi ima ati ili ju cki nja ske jem nog nih pri- pre- iz- na-",
	"tr": "lar ler lari leri larin lerin nin nun dan den tan ten mis mus yor acak ecek tir lik ini ina lara lere rak mek mak iyor ladi ledi ti di ni si ya lik",
	"id": "kan nya an ah ang asi uk uh ung meng- mem- men- ber- per- ter- peng- pem- ke- di- se-",
	"lt": "as is us os iu ejo imo inti iai ams",
	"lv": "as us iem aja ija iba sana",
	"sq": "ve it ne eve imit uar",

	"ru": "ого его ому ться ение ния ами ость ой ый ий ая ые ых ии ет ют ую юю нем ция ки ов ев ом ть ал ла ли ло ут ию ей ия пере- при- про- рас-",
	"uk": "ого ому ться ння ість ий ії ами ють их ів ція ки ом ти ла ли ло ою ій ні ав ує пере- при- від- роз-",
	"bg": "та то те ът ите ата ето ия ване ност ки ят ва ха ни ени ци ане ира ска ил ла ли ма пре- при- раз-",
	"sr": "ије ања ање ење ски ско ама има ти ли ом них ног пре- при- раз-",
	"mk": "та то те от ите ата ето ње ски ува ки пре- при- раз-",
	"be": "ння ць цца ага ых аў іх асць пера- пры-",
}

// Which words have a shape, and of which texts they are asked: a longer one tells itself by its
// function words.
const (
	shapedFrom   = 4  // letters of the word
	shapedTokens = 60 // words of the text
	longShape    = 5  // letters of the shape
)

// shapes finds the languages of a shape by its hash; beginnings are filed with their dash.
var shapes = sync.OnceValue(func() *stopTable {
	t := &stopTable{}
	for i, lang := range languages {
		for w := range strings.FieldsSeq(wordShapes[lang]) {
			t.add(hashString(w), i)
		}
	}
	return t
})

// shape votes for the languages that the word looks like: by its longest known ending, and its
// longest known beginning.
func (n *census) shape(t *stopTable, word string) {
	if utf8.RuneCountInString(word) < shapedFrom {
		return
	}
	n.count(t, word, func(w string) (string, string) {
		_, size := utf8.DecodeRuneInString(w)
		return w[size:], ""
	})
	n.count(t, word, func(w string) (string, string) {
		_, size := utf8.DecodeLastRuneInString(w)
		return w[:len(w)-size], "-"
	})
}

// count votes by the longest part that is known, cutting the word down letter by letter.
func (n *census) count(t *stopTable, word string, cut func(string) (rest, mark string)) {
	for range word {
		rest, mark := cut(word)
		if word = rest; len(word) < 2 {
			return
		}
		if len(word) > longShape*2 {
			continue
		}
		if langs := t.of(hashString(word + mark)); langs != 0 {
			n.give(langs, 1)
			return
		}
	}
}
