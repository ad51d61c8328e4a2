package body

import (
	"strings"
	"testing"
)

// Older mail below an answer is a quote in every language that the programs which write it so speak.
func TestOlderMailBelowAnAnswerIsAQuote(t *testing.T) {
	for language, head := range map[string]string{
		"English":       "From: Ben Okafor [mailto:ben@example.org]\nSent: Monday, March 2, 2026 9:14 AM\nTo: Anna\nCc: Tom\nSubject: The boat",
		"Gmail's bold":  "*From:* Ben Okafor <ben@example.org>\n*Sent:* Monday, March 2, 2026 9:14 AM\n*To:* Anna\n*Subject:* The boat",
		"German":        "Von: Ben Okafor\nGesendet: Montag, 2. März 2026 09:14\nAn: Anna\nBetreff: Das Boot",
		"French":        "De : Ben Okafor\nEnvoyé : lundi 2 mars 2026 09:14\nÀ : Anna\nObjet : Le bateau",
		"Spanish":       "De: Ben Okafor\nEnviado el: lunes, 2 de marzo de 2026 9:14\nPara: Anna\nAsunto: El barco",
		"Portuguese":    "De: Ben Okafor\nEnviada em: segunda-feira, 2 de março de 2026 09:14\nPara: Anna\nAssunto: O barco",
		"Italian":       "Da: Ben Okafor\nInviato: lunedì 2 marzo 2026 09:14\nA: Anna\nOggetto: La barca",
		"Dutch":         "Van: Ben Okafor\nVerzonden: maandag 2 maart 2026 09:14\nAan: Anna\nOnderwerp: De boot",
		"Swedish":       "Från: Ben Okafor\nSkickat: den 2 mars 2026 09:14\nTill: Anna\nÄmne: Båten",
		"Danish":        "Fra: Ben Okafor\nSendt: 2. marts 2026 09:14\nTil: Anna\nEmne: Båden",
		"Finnish":       "Lähettäjä: Ben Okafor\nLähetetty: maanantai 2. maaliskuuta 2026 9.14\nVastaanottaja: Anna\nAihe: Vene",
		"Polish":        "Od: Ben Okafor\nWysłano: poniedziałek, 2 marca 2026 09:14\nDo: Anna\nTemat: Łódka",
		"Czech":         "Od: Ben Okafor\nOdesláno: pondělí 2. března 2026 9:14\nKomu: Anna\nPředmět: Loď",
		"Hungarian":     "Feladó: Ben Okafor\nElküldve: 2026. március 2. 9:14\nCímzett: Anna\nTárgy: A hajó",
		"Romanian":      "De la: Ben Okafor\nTrimis: luni, 2 martie 2026 09:14\nCătre: Anna\nSubiect: Barca",
		"Turkish":       "Kimden: Ben Okafor\nGönderildi: 2 Mart 2026 Pazartesi 09:14\nKime: Anna\nKonu: Tekne",
		"Greek":         "Από: Ben Okafor\nΣτάλθηκε: Δευτέρα, 2 Μαρτίου 2026 09:14\nΠρος: Anna\nΘέμα: Το σκάφος",
		"Russian":       "От: Ben Okafor\nОтправлено: 2 марта 2026 г. 9:14\nКому: Anna\nТема: Лодка",
		"Ukrainian":     "Від: Ben Okafor\nНадіслано: 2 березня 2026 р. 9:14\nКому: Anna\nТема: Човен",
		"Chinese":       "发件人: Ben Okafor\n发送时间: 2026年3月2日 9:14\n收件人: Anna\n主题: 船",
		"Taiwan's":      "寄件者：Ben Okafor\n傳送時間：2026年3月2日 9:14\n收件者：Anna\n主旨：船",
		"Japanese":      "差出人: Ben Okafor\n送信日時: 2026年3月2日 9:14\n宛先: Anna\n件名: 船",
		"Korean":        "보낸 사람: Ben Okafor\n보낸 날짜: 2026년 3월 2일 9:14\n받는 사람: Anna\n제목: 배",
		"Hebrew":        "מאת: Ben Okafor\nנשלח: יום שני 2 מרץ 2026 09:14\nאל: Anna\nנושא: הסירה",
		"Arabic":        "من: Ben Okafor\nتم الإرسال: الاثنين، 2 مارس 2026 09:14\nإلى: Anna\nالموضوع: القارب",
		"a line across": "________________________________\nFrom: Ben Okafor\nSent: Monday, March 2, 2026 9:14 AM\nTo: Anna\nSubject: The boat",
	} {
		for name, c := range map[string]Content{
			"text": {Raw: []byte("Yes.\n\nAnna\n\n" + head + "\n\nIs she yours?\n\nShe lies there.\nBen\n")},
			"HTML": {Raw: []byte("<p>Yes.</p><p>Anna</p><div>" + strings.NewReplacer("<", "&lt;", "\n", "<br>").Replace(head) + "</div><p>Is she yours?</p><p>She lies there.<br>Ben</p>")},
		} {
			c.Part.MediaType, c.Part.Params = "text/plain", map[string]string{"charset": "utf-8"}
			if name == "HTML" {
				c.Part.MediaType = "text/html"
			}
			d := Render([]Content{c}, Options{Width: 80})
			quotes := map[string]int{}
			for _, l := range d.Lines {
				quotes[l.Text()] = l.Quote
			}
			folds := d.Folds()
			if quotes["Yes."] != 0 || quotes["Anna"] != 0 || quotes["Is she yours?"] != 1 || quotes["She lies there."] != 1 || len(folds) != 1 {
				t.Errorf("%s, %s: folds %v of %v", language, name, folds, quotes)
			}
		}
	}
}

func TestTheLineAboveOlderMailIsKnownInManyLanguages(t *testing.T) {
	for _, line := range []string{
		"-----Original Message-----", "-----Ursprüngliche Nachricht-----", "-----Message d'origine-----", "-----Mensaje original-----", "-----Messaggio originale-----",
		"-----Oorspronkelijk bericht-----", "-----Mensagem original-----", "-----Ursprungligt meddelande-----", "-----Oprindelig meddelelse-----", "-----Opprinnelig melding-----",
		"-----Alkuperäinen viesti-----", "-----Wiadomość oryginalna-----", "-----Původní zpráva-----", "-----Eredeti üzenet-----", "-----Orijinal Mesaj-----",
		"-----Исходное сообщение-----", "-----Αρχικό μήνυμα-----", "-----原始邮件-----", "-----元のメッセージ-----", "-----원본 메시지-----", "-----הודעה מקורית-----", "-----الرسالة الأصلية-----",
	} {
		d := Render([]Content{{Raw: []byte("Yes.\n\n" + line + "\nFrom: Ben\nSent: Monday\nTo: Anna\nSubject: The boat\n\nIs she yours?\n")}}, Options{Width: 80})
		if last := d.Lines[len(d.Lines)-1]; last.Text() != "Is she yours?" || last.Quote != 1 || len(d.Folds()) != 1 {
			t.Errorf("%s: %+v", line, last)
		}
	}
}

func TestWhatOnlyLooksLikeOlderMailIsNoQuote(t *testing.T) {
	for name, text := range map[string]string{
		"passed on":           "From: Ben\nSent: Monday\nTo: Anna\nSubject: The boat\n\nIs she yours?\n",
		"a header shown":      "The header says\nFrom: Ben\nDate: Monday\nTo: Anna\nSubject: The boat\nIs she yours?\n",
		"two fields":          "Look:\n\nFrom: Ben\nTo: Anna\n\nIs she yours?\n",
		"a sentence":          "From: the harbour there is a bus.\n\nTo: the beach you walk.\n\nIs she yours?\n",
		"a list of stations":  "From: Bremen\nVia: Hamburg\nTo: Lübeck\n\nIs she yours?\n",
		"a signature of list": "Is she yours?\n________________________________\nharbour mailing list\nharbour@example.org\n",
	} {
		d := Render([]Content{{Raw: []byte(text)}}, Options{Width: 80})
		for _, l := range d.Lines {
			if l.Text() == "Is she yours?" && l.Quote != 0 {
				t.Errorf("%s: quoted", name)
			}
		}
	}
}
