package demo

// germanForAll is what anybody might write.
func germanForAll() []chapter {
	return []chapter{
		{in: onChange, mood: kind, lines: []string{
			"{Gute Idee|Finde ich sinnvoll}. Nur bitte nicht {in der Woche vor Weihnachten|in den Sommerferien|zum Quartalsende} anfangen.",
			"Danke, dass Sie vorher fragen. Das {merkt man|ist neu und tut gut}.",
			"Wenn es mir am Tag {zehn Minuten|eine Viertelstunde} spart, backe ich Ihnen einen Kuchen.",
			"Unser Team ist bereit. {Ein Nachmittag|Ein Vormittag} Schulung und in der ersten Woche jemand vor Ort, dann klappt das.",
			"Ich war beim letzten Mal dagegen und lag falsch. Ich teste gern mit.",
		}},
		{in: onChange, mood: mixed, lines: []string{
			"Kommt auf den Termin an. {Mitte des Monats|Anfang des Quartals} ja, sonst nein.",
			"Ich möchte es {auf meinem eigenen Laptop|mit unseren echten Fällen} sehen, bevor ich etwas dazu sage.",
			"Wen rufen wir an, wenn es {morgens um sechs|freitags um halb sechs} nicht geht?",
			"Schulung bitte in der Arbeitszeit und {kurz vor der Umstellung|nicht drei Wochen vorher}.",
			"Bei uns arbeitet die Hälfte {in Teilzeit|zu Hause}. Ein einziger Schulungstermin reicht nicht.",
			"Was wird aus {den gemeinsamen Ordnern|dem alten Archiv}? Das hat uns noch niemand gesagt.",
		}},
		{in: onChange, mood: cross, lines: []string{
			"Mein Laptop braucht {neun|elf|zwölf} Minuten zum Starten. Das zuerst, dann alles andere.",
			"Sie haben uns {letztes Jahr|im Frühjahr} schon gefragt. Was ist daraus geworden?",
			"Das VPN ist {gestern|heute früh|am Dienstag} {dreimal|viermal|fünfmal} abgebrochen. Und darüber soll das Neue laufen?",
			"Bitte erst eine Sache fertig machen, dann die nächste anfangen.",
			"Noch ein Lernvideo ist keine Schulung. {Schicken Sie einen Menschen|Setzen Sie sich eine Stunde neben uns}.",
			"Jede Vereinfachung hat bisher {ein Formular|ein Passwort|eine Freigabe} mehr gebracht.",
		}},
		{in: onIT, mood: kind, lines: []string{
			"Weiter so. Bei meinem {Bildschirm|Headset} war {in zwanzig Minuten|noch am selben Tag} jemand da.",
			"Der Besuch {im März|im September} war gut. In einer Stunde haben Sie mehr gesehen als in hundert Tickets.",
			"Die Mail am Freitag mit dem, was kommt, bitte beibehalten.",
			"Eigentlich nichts. {Zweimal|Dreimal} hat mich jemand zurückgerufen, bevor ich nachfragen musste.",
		}},
		{in: onIT, mood: mixed, lines: []string{
			"Ein Ticket erst schließen, wenn ich sage, dass es gelöst ist.",
			"Bitte so schreiben, dass man es ohne Lexikon versteht. Was ist ein {Mandant|Soft-Token|Clientzertifikat}?",
			"Klar Nein sagen, wenn es Nein ist. {Seit Februar|Seit letztem Jahr} schaut man sich das an.",
			"Neue Laptops bitte gleich mit {unseren Programmen|passendem Netzteil} ausgeben.",
			"Eine Seite, auf der steht, was gerade gestört ist. Dann rufen nicht alle an.",
		}},
		{in: onIT, mood: cross, lines: []string{
			"Keine Neustarts {um zehn Uhr vormittags|mitten in der Videokonferenz}. Das kann doch nicht so schwer sein.",
			"{Dreißig|Vierzig} Minuten Warteschleife, und dann heißt es: bitte ein Ticket schreiben.",
			"Alle {30|60} Tage ein neues Passwort, ohne ein Wort warum. Die kleben jetzt am Bildschirm.",
			"Kommen Sie einen Tag lang mit. Nur einen.",
			"Updates bitte testen, bevor wir es tun. Der {Montag|Mittwoch} war wieder verloren.",
		}},
		{about: toTry, lines: []string{
			"Zeigen Sie mir, dass es {mit unseren Daten|eine Woche lang in einem anderen Team} funktioniert.",
			"{Zwei Stunden|Einen halben Tag} Schulung in der Arbeitszeit, dann bin ich dabei.",
			"Den alten Weg noch {einen Monat|zwei Wochen} offen lassen.",
			"Ein Laptop, der das schafft.",
			"Ein anderer Termin. Nicht {in der Hochsaison|vor den Ferien}.",
			"Jemand aus unserer Abteilung im Projekt.",
		}},
		{about: beside, lines: []string{
			"Dass wir alles doppelt machen, bis das Alte weg ist.",
			"Dass {nachts|nach fünf} niemand ans Telefon geht.",
			"Das VPN.",
			"Dass unsere Sonderfälle vergessen werden.",
			"Dass es halb fertig bleibt wie das letzte Mal.",
		}},
	}
}

// germanByDepartment is what people write about their own work.
func germanByDepartment() []chapter {
	return append(germanInHallsAndOnTheRoad(), append(germanOnThePhone(), germanInOffices()...)...)
}

func germanInHallsAndOnTheRoad() []chapter {
	return []chapter{
		{to: operations, mood: kind, lines: []string{
			"Die neuen Handscanner in der {Frühschicht|Spätschicht} sind klasse. Wann bekommen die anderen sie?",
			"Dass jemand von der IT bei der Schichtübergabe war, hat mehr gebracht als alle Mails.",
		}},
		{to: operations, mood: mixed, lines: []string{
			"{Ein PC für neun Leute|Zwei PCs für vierzehn Leute}: mit E-Mails erreichen Sie die {Halle|Nachtschicht} nicht.",
			"Bitte nicht in der Hochsaison. {Ab Mitte November|Vor Ostern} haben wir nicht einmal Zeit für die Pause.",
			"Schichtarbeit heißt: {drei|vier} Schulungstermine, nicht einer um zehn.",
		}},
		{to: operations, mood: cross, lines: []string{
			"In {Gang 7|Gang 12|Halle 3|der Kühlhalle} haben die Scanner kein WLAN, seit Monaten gemeldet.",
			"Umstellung am Montag um sechs, {vierzig|dreißig} Lkw auf dem Hof. Wer plant so etwas?",
			"Ich habe hier keine E-Mail-Adresse, und jede Anleitung kommt per E-Mail.",
		}},
		{to: sales, mood: kind, lines: []string{
			"Angebote gehen jetzt auch {im Zug|auf dem Parkplatz beim Kunden}. Prima.",
		}},
		{to: sales, mood: mixed, lines: []string{
			"Wir sind {drei|vier} Tage die Woche unterwegs. Es muss auch ohne Netz gehen.",
			"In der letzten Woche des Quartals bitte nichts anfassen. Wirklich nichts.",
		}},
		{to: sales, mood: cross, lines: []string{
			"VPN im Hotel: Glückssache. Ich mache meine {Angebote|Berichte} jetzt nachts zu Hause.",
			"Das Spesentool hat {zwei|drei} Belege verschluckt, bezahlt habe ich sie selbst.",
			"Denselben Kunden in {drei|vier} Systeme eingetippt. Welches gilt denn nun?",
		}},
		{to: facilities, mood: kind, lines: []string{"Störmeldungen mit Foto sind super, wir bringen gleich das richtige Teil mit."}},
		{to: facilities, mood: mixed, lines: []string{"Im Keller ist kein Netz. Es muss auch so gehen."}},
		{to: facilities, mood: cross, lines: []string{"{Fünf|Sechs} Leute, ein Tablet, und jedes System will ein eigenes Passwort."}},
	}
}

func germanOnThePhone() []chapter {
	return []chapter{
		{to: customerService, mood: kind, before: goLive, lines: []string{
			"Das neue Ticketsystem sah im Test {gut|übersichtlich} aus. Ich freue mich darauf.",
			"Im Test haben wir etwas gesagt, und Sie haben es geändert. So muss das sein.",
		}},
		{to: customerService, mood: mixed, before: goLive, lines: []string{
			"Bitte nicht an einem Montag umstellen, da rufen doppelt so viele an.",
			"Die Textbausteine müssen mit umziehen, alle {280|300}.",
		}},
		{to: customerService, mood: cross, before: goLive, lines: []string{
			"Der Termin für das Ticketsystem wurde {zweimal|dreimal} verschoben. Wir machen danach Dienstpläne.",
		}},
		{to: customerService, mood: kind, from: goLive, lines: []string{
			"Die Suche ist seit dem letzten Update schneller. Es wird, danke.",
		}},
		{to: customerService, mood: mixed, from: goLive, lines: []string{
			"Geben Sie uns {die Textbausteine|die Rückrufliste} zurück, dann reden wir weiter.",
			"Jemand vor Ort {am Vormittag|zur Spitzenzeit} hilft mehr als ein Handbuch mit 120 Seiten.",
		}},
		{to: customerService, mood: cross, from: goLive, lines: []string{
			"Seit der Umstellung dauert jeder Anruf {zwei|drei|vier} Minuten länger. Die Leute hören mich tippen.",
			"{Neun|Elf|Dreizehn} Pflichtfelder, um ein Ticket zu schließen. Das liest kein Mensch.",
			"Wir haben im Pilot gesagt, dass die {Suche|Warteschlange} nicht geht. Live ging sie dann auch nicht.",
			"Bitte erst das Ticketsystem reparieren, bevor Sie wieder etwas ändern.",
			"Ich frage jeden Kunden zweimal dasselbe, weil die Historie fehlt. Und ich bekomme es ab.",
		}},
	}
}

func germanInOffices() []chapter {
	return []chapter{
		{to: finance, mood: kind, before: thaw, lines: []string{"Wenn die Sperre zum Monatsabschluss wirklich gilt, sind wir dabei."}},
		{to: finance, mood: mixed, before: thaw, lines: []string{"Zwischen dem {8. und 20.|10. und 22.} gern. Sonst nicht."}},
		{to: finance, mood: cross, before: thaw, lines: []string{
			"Umstellung am {zweiten|dritten} Werktag. Das ist unser Monatsabschluss. Gibt es in der IT einen Kalender?",
			"Das Spesentool rundet die Steuer je Zeile, und wir buchen {vierzig|sechzig} Fälle von Hand um.",
			"Neustart mitten im Zahllauf. Mehr sage ich nicht.",
		}},
		{to: finance, mood: kind, from: thaw, lines: []string{
			"Der Sperrkalender funktioniert: {drei|vier|fünf} Abschlüsse ohne Überraschung. Danke!",
			"Das neue Spesentool liest die Belege selbst. Das spart mir {einen halben Tag|einen Vormittag} in der Woche.",
			"Sie waren beim Monatsabschluss dabei. Seitdem passt es.",
		}},
		{to: finance, mood: mixed, from: thaw, lines: []string{"Bisher gut. Bitte {den Jahresabschluss|die Prüfer} nicht vergessen."}},
		{to: finance, mood: cross, from: thaw, lines: []string{"Die {Mahnliste|Anlagenliste} hört immer noch bei {1000|5000} Zeilen auf."}},
		{to: purchasing, mood: kind, lines: []string{"Bestellung und Lieferantenportal passen endlich zusammen."}},
		{to: purchasing, mood: mixed, lines: []string{"Vor neuen Lizenzen bitte mit uns reden, die Verträge laufen im {Juni|Dezember} aus."}},
		{to: purchasing, mood: cross, lines: []string{"Lieferscheine tippen wir immer noch ab, {vierzig|siebzig} am Tag."}},
		{to: marketing, mood: kind, lines: []string{"Die Bilddatenbank findet jetzt auch, was ich suche."}},
		{to: marketing, mood: mixed, lines: []string{"Mehr Speicher im Laptop wäre mir lieber als noch ein Werkzeug."}},
		{to: marketing, mood: cross, lines: []string{"{Zwei|Drei} Stunden hochladen über das VPN, Abbruch bei 97 Prozent."}},
		{to: humanResources, mood: kind, lines: []string{"Neue Leute haben am ersten Tag einen Laptop. Das war früher anders, danke."}},
		{to: humanResources, mood: mixed, lines: []string{"Den Betriebsrat bitte vorher informieren, nicht hinterher."}},
		{to: humanResources, mood: cross, lines: []string{"Das Lohnportal auf dem Handy ist ein Rätsel, und alle rufen bei uns an."}},
		{to: legal, lines: []string{"Wir brauchen {alle Fassungen|den ganzen Verlauf} zehn Jahre lang. Bitte schriftlich bestätigen."}},
	}
}
