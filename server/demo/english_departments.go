package demo

import "slices"

// englishByDepartment is what people write about their own work.
func englishByDepartment() []chapter {
	return slices.Concat(englishInHalls(), englishOnTheRoad(), englishOnThePhone(), englishInTheBooks(), englishInOffices())
}

func englishInHalls() []chapter {
	return []chapter{
		{to: operations, mood: kind, lines: []string{
			"The new handhelds on the {early|late} shift are a joy. {When do the others get them?|Please for the loading bay too.}",
			"Having someone from IT at the {shift handover|morning meeting} helped more than all the mails.",
			"The big screen at {gate 2|the ramp|dock 9} is the best thing IT did this year.",
		}},
		{to: operations, mood: mixed, lines: []string{
			"We have {one PC for nine people|two PCs for fourteen people} on the {ramp|floor|night shift}. An e-mail is not how you reach us.",
			"Not in peak season. {From mid-November to Christmas|In the two weeks before Easter} we hardly find time for lunch.",
			"Gloves on, sun on the screen: please try it {outside|at the ramp} before you buy {sixty|eighty} of them.",
			"Night shift needs a number that someone answers. At {two|three|four} in the morning there is nobody.",
			"Training for shifts means {three|four} dates, not one at ten o'clock.",
		}},
		{to: operations, mood: cross, lines: []string{
			"Scanners lose the wifi in {aisle 7|aisle 12|the cold store|hall 3} since {spring|the move|summer}. {Reported five times|Known for months}.",
			"Whoever chose the new label printer never printed {four hundred|six hundred} labels in a shift.",
			"You switched the {shift planner|booking screen} on a Monday at six. {Thirty|Forty} lorries stood in the yard.",
			"I don't have an e-mail address here and every instruction comes by e-mail.",
			"The terminal at {gate 2|gate 4|dock 9} has been on order since {autumn|winter|May}.",
		}},
		{to: operations, about: toTry, lines: []string{"A version that works {with gloves|without e-mail|when the wifi is gone}."}},
		{to: facilities, mood: kind, lines: []string{
			"Fault reports with a photo are super. {We bring the right spare part first time now|Saves me a walk}.",
			"The tablet for the rounds is simple. {Even I can do it|No manual needed}.",
		}},
		{to: facilities, mood: mixed, lines: []string{
			"Room booking and the door signs should show the same. People stand in the corridor and argue.",
			"We work in the cellar, there is no signal. It has to work without.",
			"Please show it to us with {a boiler room|a lift}, not with an office example.",
		}},
		{to: facilities, mood: cross, lines: []string{
			"Every new system needs another password and we share {one PC|one tablet} between {five|six} people.",
			"The heating control still wants a computer from {the last century|before I started}.",
		}},
	}
}

func englishOnTheRoad() []chapter {
	return []chapter{
		{to: sales, mood: kind, lines: []string{
			"Quotes on the phone work now, even {on the train|at the customer's|in the car park}. Great.",
			"The laptop swap took {forty minutes|half an hour} and everything was there. Respect.",
			"Happy to try anything that means less typing {on Friday afternoon|after a visit}.",
		}},
		{to: sales, mood: mixed, lines: []string{
			"We are on the road {three|four} days a week. Whatever it is, it must work offline.",
			"Don't touch the price list in the last week of the quarter. Please, really not.",
			"The expense tool is fine for {trains|hotels} and hopeless for {mileage|dinners with customers}.",
			"Training as two short calls would do. I can't come in for a room on a {Tuesday|Wednesday}.",
		}},
		{to: sales, mood: cross, lines: []string{
			"VPN in hotels: {one in three works|it does not work}. I do my {quotes|reports} at home at night now.",
			"I typed the same customer into {three|four} systems this week. Which one is the real one?",
			"The expense tool lost {two|three} of my receipts. I paid {84|120|190} out of my own pocket.",
			"A customer record takes {20|30|45} seconds to open while the customer is looking at me.",
			"Nobody asked Sales. Again.",
		}},
		{to: sales, about: toTry, lines: []string{"It has to open in under {three|five} seconds in front of a customer."}},
	}
}

func englishOnThePhone() []chapter {
	return []chapter{
		{to: customerService, mood: kind, before: goLive, lines: []string{
			"The trial of the new ticketing looked {clear|quick|good}. Looking forward to the go-live.",
			"We tested the ticketing with {ten|twelve} real cases and you changed what we said. {That is how it should be|More of that}.",
			"One screen instead of {three|four} would change my day.",
		}},
		{to: customerService, mood: mixed, before: goLive, lines: []string{
			"The go-live must not be on a Monday. Mondays have {twice|double} the calls.",
			"Please move all the text blocks to the new ticketing. There are {more than 300|about 280}, and we need them.",
			"Who helps us on the first day? We can't put {eight|ten} callers on hold while we learn.",
		}},
		{to: customerService, mood: cross, before: goLive, lines: []string{
			"The date for the new ticketing was moved {twice|three times}. We plan rosters around it.",
			"Headsets first. {Mine|Every second one} crackles and the caller thinks it is me.",
		}},
		{to: customerService, mood: kind, from: goLive, lines: []string{
			"It is getting better: search in the ticketing is {twice as fast|usable} since the last fix. Thank you for that.",
			"The colleague from IT who sat with us {on Thursday|for two days} mended more than the hotline in a month.",
		}},
		{to: customerService, mood: mixed, from: goLive, lines: []string{
			"Bring back {the text blocks|the call-back list|the colour for urgent cases}. I would forgive the rest.",
			"Please give us {an hour a week|a quiet hour} to clean up. There are {900|1,200|1,400} doubled tickets in the queue.",
			"I could like the ticketing if it kept what I typed when the {line|session} drops.",
			"We need someone on the floor {every morning|at peak time}, not a manual with 120 pages.",
		}},
		{to: customerService, mood: cross, from: goLive, lines: []string{
			"Since the go-live every call takes {two|three|four} minutes longer. The customers hear me type.",
			"The new ticketing loses the customer's history. I ask people the same thing {twice|three times} and they shout at me.",
			"We said in the pilot that {the search|the queue view|the wrap-up screen} does not work. It went live exactly like that.",
			"{Nine|Eleven|Thirteen} mandatory fields to close one ticket, and nobody reads them.",
			"I used to like this job. The ticketing makes me {slow|look stupid} in front of every caller.",
			"The ticketing froze at {ten|eleven|two} and we wrote on paper for {an hour|two hours}. On paper.",
			"You had cake for the go-live. We had overtime, {three|five} weeks of it.",
			"No more changes, please. Repair this one first.",
			"We are measured in seconds, and the ticket screen needs {eight|twelve|fifteen} of them.",
		}},
		{to: customerService, about: toTry, from: goLive, lines: []string{
			"First repair the ticketing, then ask me again.",
			"That a pilot may also end with a no.",
		}},
	}
}

func englishInTheBooks() []chapter {
	return []chapter{
		{to: finance, mood: kind, before: thaw, lines: []string{
			"If the freeze at month-end is really kept, you have us on board.",
			"A person from IT asked me how we close a month. {First time in years|I nearly fell off my chair}. Good.",
		}},
		{to: finance, mood: mixed, before: thaw, lines: []string{
			"Any date between the {8th and the 20th|10th and the 22nd} is fine. Outside that, no.",
			"I need to see how it {closes a period|handles accruals|shows cost centres} before I can say anything.",
			"Our spreadsheets are ugly, but they balance. Show us that the new thing does too.",
		}},
		{to: finance, mood: cross, before: thaw, lines: []string{
			"You rolled it out on the {second|third} working day. That is month-end close. Is there a calendar in IT?",
			"Month-end is the {last two and first three|first four} working days. Write it on the wall.",
			"The expense tool rounds the tax line by line and we correct {forty|sixty|ninety} bookings by hand each {week|month}.",
			"A restart during the payment run. {I have no words|The bank closes at four, my laptop came back at five}.",
			"The expense tool was chosen without a single person who books expenses.",
		}},
		{to: finance, mood: kind, from: thaw, lines: []string{
			"The freeze calendar works: {three|four|five} closes without a surprise. Thank you.",
			"The new expense tool {reads the receipts itself|posts to the right cost centre}. I get {half a day|a morning} back each week.",
			"You sat through a month-end close with us. Since then things fit.",
			"I was the loudest critic of the expense tool. I take it back.",
			"Being in the test group was worth it. {Both|All three} of our points are in.",
			"Go ahead with the next one. Same freeze, same people, please.",
		}},
		{to: finance, mood: mixed, from: thaw, lines: []string{
			"Good so far. Don't forget {year-end|the auditors|the half-year report}: it is not like any other month.",
			"The expense tool is good, the approval by phone still {needs two attempts|logs me out}.",
			"More training time for the {late joiners|part-timers}, they only got the recording.",
		}},
		{to: finance, mood: cross, from: thaw, lines: []string{
			"Better than it was, but the {asset register|dunning list} still cuts off at {1,000|5,000} lines.",
			"For once the date was right and the training was not: {one hour|45 minutes} for {thirty|sixty} screens.",
		}},
		{to: finance, about: toTry, lines: []string{"A freeze at month-end, in writing."}},
		{to: purchasing, mood: kind, lines: []string{
			"Supplier portal and orders now talk to each other. {Finally!|That was worth the wait.}",
		}},
		{to: purchasing, mood: mixed, lines: []string{
			"Contracts run out in {June|December}. Please ask us before you sign for new licences.",
			"An order needs {four|five} approvals. The tool is quick, the way through it is not.",
		}},
		{to: purchasing, mood: cross, lines: []string{
			"The catalogue shows prices from {last year|two years ago}. We phone every supplier to be sure.",
			"Delivery notes can still not be scanned. We type {forty|seventy} a day.",
		}},
	}
}

func englishInOffices() []chapter {
	return []chapter{
		{to: marketing, mood: kind, lines: []string{
			"The new picture library finds things. {I had given up hope|Even the old campaigns}.",
			"Could we be the pilot? We {break things quickly|like new toys}.",
			"Thank you for the {two big screens|fast laptop}. I stopped taking work home to render it.",
		}},
		{to: marketing, mood: mixed, lines: []string{
			"Our laptops need {more memory|a real graphics card}, not another tool.",
			"Please don't block the {font|stock photo|survey} sites one by one and wait until we complain.",
			"Check the trade fair dates first. In {March|October} we are all away.",
		}},
		{to: marketing, mood: cross, lines: []string{
			"Uploading a film over the VPN: {two|three} hours, then it fails at 97 percent.",
			"We lost the plug-ins in the last update, {the day before a launch|on campaign day}.",
			"The intranet editor makes me want to print leaflets again.",
		}},
		{to: humanResources, mood: kind, lines: []string{
			"With the joint checklist new people have a laptop on day one. {Lovely|It used to be week two}.",
			"You understood right away why {payroll|health} data needs its own corner.",
			"We can lend you a room and a trainer for the {first|second} week.",
			"Thanks for translating the instructions. It {saves us|spares me} a dozen calls.",
		}},
		{to: humanResources, mood: mixed, lines: []string{
			"Please plan training time together with us; {three|four} courses in one month are too many.",
			"The works council should hear of it before everybody else does, not after.",
			"Leavers keep their access for {days|a week}. Can the form start that by itself?",
		}},
		{to: humanResources, mood: cross, lines: []string{
			"The payslip portal on a phone is a {bad joke|puzzle}, and they all call us.",
		}},
		{to: legal, lines: []string{
			"We need {the old versions|a full history} for ten years. Please confirm that in writing.",
			"Comparing documents crashes on anything over {100|200} pages.",
		}},
	}
}
