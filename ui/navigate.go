package ui

import (
	"fmt"
	"strings"

	tea "charm.land/bubbletea/v2"

	"posthorn/mail"
	"posthorn/mail/compose"
	"posthorn/ui/action"
	"posthorn/ui/dialog"
	"posthorn/ui/index"
	"posthorn/ui/sidebar"
)

// shown is what the list shows: one mailbox, all inboxes, or what a search finds.
type shown struct {
	mailbox mail.MailboxKey // 0: all inboxes
	account string          // of the mailbox; empty: all inboxes
	begun   bool            // something has been shown at all
	boxes   int             // number of inboxes that make up all inboxes
	name    string          // of the mailbox, as the title has it
	search  string          // what is looked for; empty: nothing
	filter  bool            // it is looked for only in the mailbox, or in all inboxes
}

// same tells whether two are the same place.
func (s shown) same(o shown) bool {
	return s.mailbox == o.mailbox && s.search == o.search && s.filter == o.filter
}

// program carries out what can be asked for everywhere.
func (a *App) program(act action.Action) tea.Cmd {
	switch act {
	case action.Quit:
		a.quit = true
		return tea.Quit
	case action.Suspend:
		return a.suspend()
	case action.Redraw:
		return tea.ClearScreen
	case action.Refresh:
		clear(a.asked)
		a.env.Engine.Refresh("")
		a.Say("Looking for new mail." + a.exceptPaused())
	case action.Undo:
		return a.undo()
	case action.TakeBack:
		return a.takeBack()
	case action.Redo:
		return a.redo()
	case action.Compose:
		return a.Compose(compose.New(a.account()))
	case action.Template:
		return a.writeFromTemplate()
	case action.Help:
		return a.showHelp()
	case action.PickTheme:
		return a.pickTheme()
	case action.ShowTasks:
		return a.showTasks()
	case action.ShowLog:
		return a.showLog()
	case action.ShowOutbox:
		return a.showOutbox()
	case action.SwitchPane:
		a.switchPane()
		return a.resized()
	case action.ToggleSide:
		return a.toggleSide()
	case action.Layout, action.Wider, action.Narrower:
		return a.arranging(act)
	case action.Open:
		return a.open()
	case action.Back:
		return a.back()
	case action.Next:
		return a.walk(1)
	case action.Previous:
		return a.walk(-1)
	case action.Continue:
		return a.nextUnread()
	case action.NewMailbox, action.RenameMailbox, action.MoveMailbox, action.DeleteMailbox, action.Subscribe, action.EmptyMailbox:
		return a.manage(act)
	case action.Pause:
		return a.pause()
	case action.ReadAll:
		return a.readAll()
	case action.Palette:
		return a.palette()
	case action.Search:
		return a.find()
	case action.SaveSearch:
		return a.saveSearch()
	case action.OnlyStarred, action.OnlyAttachments, action.OnlyToMe, action.OnlySender, action.OnlyList:
		return a.only(act)
	case action.SelectFound, action.SelectSender:
		return a.choosing(act)
	case action.Sort:
		return a.pickSort()
	case action.Flat:
		return a.flatten()
	case action.Roomy:
		return a.space()
	case action.NextAny:
		return a.nextUnreadAnywhere()
	default:
		return a.goTo(act)
	}
	return nil
}

// roles are the mailboxes of an account that have a key of their own.
var roles = map[action.Action]mail.Role{action.GoInbox: mail.Inbox, action.GoSent: mail.Sent, action.GoDrafts: mail.Drafts,
	action.GoArchive: mail.Archive, action.GoTrash: mail.Trash}

// goTo shows another mailbox or account.
func (a *App) goTo(act action.Action) tea.Cmd {
	accounts := a.env.Engine.Accounts()
	if len(accounts) == 0 {
		return nil
	}
	a.uncover()
	switch {
	case act == action.GoAll:
		return a.showAll()
	case act == action.GoBack:
		return a.travel(&a.past, &a.future)
	case act == action.GoForward:
		return a.travel(&a.future, &a.past)
	case act == action.GoStarred:
		return a.showSearch(sidebar.AllStarred)
	case act == action.GoUnread:
		return a.showSearch(sidebar.AllUnread)
	case act == action.GoAllSent:
		return a.showSearch(sidebar.AllSent)
	case act == action.GoAllDrafts:
		return a.showSearch(sidebar.AllDrafts)
	case act == action.Cancel && a.showing.filter:
		return a.unfiltered()
	case act == action.Cancel && a.showing.search != "":
		return a.travel(&a.past, &a.future)
	case act == action.GoMailbox:
		return a.pickMailbox()
	case act == action.NextAccount:
		at := -1
		for i, acc := range accounts {
			if acc.Name == a.showing.account {
				at = i
			}
		}
		return a.showRole(accounts[(at+1)%len(accounts)].Name, mail.Inbox)
	case roles[act] != "":
		return a.showRole(a.account().Name, roles[act])
	}
	if digit, ok := strings.CutPrefix(string(act), string(action.AccountN)); ok {
		n := 0
		fmt.Sscan(digit, &n)
		if n < 1 || n > len(accounts) {
			a.Say(fmt.Sprintf("There is no account %s: there are %d.", digit, len(accounts)))
			return nil
		}
		return a.showRole(accounts[n-1].Name, mail.Inbox)
	}
	return nil
}

// account is the one that is meant: of the open message, of the mailbox shown, of the message under the cursor.
func (a *App) account() mail.Account {
	name := a.showing.account
	if m, ok := a.list.Current(); ok && name == "" {
		name = m.Account
	}
	return a.accountOf(name)
}

// showAll shows the inboxes of all accounts as one list.
func (a *App) showAll() tea.Cmd {
	boxes := a.side.Inboxes()
	name := "All inboxes"
	if len(boxes) == 1 && len(a.env.Engine.Accounts()) == 1 {
		name = "Inbox"
	}
	return a.show(shown{begun: true, boxes: len(boxes)}, index.View{Name: name, Mailboxes: boxes})
}

func (a *App) showRole(account string, role mail.Role) tea.Cmd {
	m, ok := a.side.Find(account, role)
	if !ok {
		a.Say(fmt.Sprintf("%s has no such mailbox, or it is not known yet.", mail.Line(account)))
		return nil
	}
	return a.showMailbox(m)
}

// showMailbox shows one mailbox.
func (a *App) showMailbox(m mail.Mailbox) tea.Cmd {
	to := shown{mailbox: m.Key, account: m.Account, begun: true, name: a.viewName(m)}
	return a.show(to, index.View{Name: to.name, Mailboxes: []mail.Mailbox{m}, Outgoing: m.Role == mail.Sent || m.Role == mail.Drafts})
}

// viewName is a mailbox in the title.
func (a *App) viewName(m mail.Mailbox) string {
	if len(a.env.Engine.Accounts()) > 1 {
		return mail.Line(m.Account) + " · " + sidebar.FullName(m)
	}
	return sidebar.FullName(m)
}

// show puts a view into the list, tells the engine what is on screen, and goes to the list.
func (a *App) show(to shown, v index.View) tea.Cmd {
	a.depart(to)
	keys := make([]mail.MailboxKey, len(v.Mailboxes))
	for i, m := range v.Mailboxes {
		keys[i] = m.Key
	}
	if v.Search == nil {
		a.env.Engine.Focus(keys...)
	}
	a.side.Showing(to.mailbox, to.search)
	a.leave(0)
	a.reader, a.focus = nil, listPane
	v.Sort = a.sortOf(v)
	return a.list.Show(v)
}

// mailboxesKnown keeps the list in step with the mailboxes there are: the first screen is all inboxes, and grows
// with the accounts.
func (a *App) mailboxesKnown() tea.Cmd {
	a.list.Know(a.side.Mailboxes())
	switch {
	case a.showing.mailbox != 0:
		return a.followShown()
	case a.showing.filter:
		return nil
	case a.showing.search != "":
		a.list.Rename(a.searchName(a.showing.search))
		return nil
	}
	if !a.showing.begun || a.showing.boxes != len(a.side.Inboxes()) {
		keep, reader := a.focus, a.reader
		a.reader = nil // it stays open
		cmd := a.unasked(a.showAll)
		a.focus, a.reader = keep, reader
		return cmd
	}
	return nil
}

// pickMailbox asks for a place by a part of its name: a mailbox, an account, a search that was kept, what all accounts have of a kind.
func (a *App) pickMailbox() tea.Cmd {
	items := []dialog.Item{{Key: a.showAll, Text: "All inboxes"}}
	for _, c := range a.side.Saved() {
		items = append(items, dialog.Item{Key: func() tea.Cmd { return a.showSearch(c.Value) }, Text: c.Name, Detail: "search"})
	}
	for _, it := range a.boxes("") {
		m := it.Key.(mail.Mailbox)
		it.Key = func() tea.Cmd { return a.showMailbox(m) }
		items = append(items, it)
	}
	for _, v := range sidebar.Views {
		all, kind, _ := strings.Cut(v.Name, " ") // apart, so that "all" alone is all inboxes first
		items = append(items, dialog.Item{Key: func() tea.Cmd { return a.showSearch(v.Search) }, Group: all, Text: kind})
	}
	return a.Push(dialog.Pick(a.env, "Go to", items, func(it dialog.Item) tea.Cmd { return it.Key.(func() tea.Cmd)() }))
}

// switchPane goes to the sidebar and back.
func (a *App) switchPane() {
	switch {
	case a.focus != sidePane:
		a.focus = sidePane
	case a.reader != nil && !a.reader.Glanced():
		a.focus = readPane
	default:
		a.focus = listPane
	}
}

func (a *App) toggleSide() tea.Cmd {
	if a.size.W < withSide {
		a.switchPane()
		return nil
	}
	a.sideOff = !a.sideOff
	if a.sideOff && a.focus == sidePane {
		a.switchPane()
	}
	return a.resized()
}

// open shows what the cursor stands on.
func (a *App) open() tea.Cmd {
	if a.focus == sidePane {
		e, _ := a.side.Current()
		switch e.Kind {
		case sidebar.AllInboxes:
			return a.showAll()
		case sidebar.LocalDrafts:
			return a.openDrafts()
		case sidebar.Saved, sidebar.Unified:
			return a.showSearch(e.Search)
		case sidebar.Mailbox:
			if e.Mailbox.NoSelect {
				cmd, _ := a.side.Do(action.Fold)
				return cmd
			}
			return a.showMailbox(e.Mailbox)
		}
		return nil
	}
	m, ok := a.list.Opened()
	if !ok {
		return nil
	}
	if a.unfinished(m) && a.env.Engine.Refusal() == nil {
		return a.rewrite(action.Open, m)
	}
	return a.read(m)
}

// unfinished tells whether a message lies among the drafts of its account.
func (a *App) unfinished(m mail.Message) bool {
	drafts, ok := a.side.Find(m.Account, mail.Drafts)
	return ok && drafts.Key == m.Mailbox
}
