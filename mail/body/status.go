package body

import (
	"regexp"
	"strings"
)

// statusWords say the subject and detail of an enhanced status code to a person. // RFC 3463 §3, RFC 5248, RFC 7505
var statusWords = map[string]string{
	"1.0": "Something is wrong with the address.", "1.1": "There is no such mailbox: the part before the @ is wrong or gone.",
	"1.2": "There is no such domain: the part behind the @ is wrong or gone.", "1.3": "The address is not written as addresses are.",
	"1.4": "The address fits more than one mailbox.", "1.5": "The address is right.", "1.6": "The mailbox has moved, nobody says where to.",
	"1.7": "The sender's address is not written as addresses are.", "1.8": "The sender's domain cannot be found.",
	"1.9": "It went on to a system that gives no receipts.", "1.10": "The domain takes no mail at all.",
	"2.0": "Something is wrong with the mailbox.", "2.1": "The mailbox is switched off.", "2.2": "The mailbox is full.",
	"2.3": "The message is larger than this mailbox takes.", "2.4": "The list behind the address could not be expanded.",
	"3.0": "Something is wrong with the receiving system.", "3.1": "The receiving system has no room left.", "3.2": "The receiving system takes no mail at the moment.",
	"3.3": "The receiving system cannot do what the message needs.", "3.4": "The message is larger than the receiving system takes.", "3.5": "The receiving system is set up wrongly.",
	"4.0": "Something went wrong on the way.", "4.1": "The receiving server does not answer.", "4.2": "The connection to the receiving server broke.",
	"4.3": "A directory that was needed on the way did not answer.", "4.4": "No way to the receiving server is known.", "4.5": "The way to the receiving server is overloaded.",
	"4.6": "The message went round in circles.", "4.7": "It was tried for too long and given up.",
	"5.0": "The servers did not understand each other.", "5.1": "The server did not take a command.", "5.2": "The server did not understand a command.",
	"5.3": "The message has more recipients than the server takes at once.", "5.4": "The server did not understand a command.", "5.5": "The servers speak different versions of the protocol.",
	"6.0": "Something is wrong with what the message holds.", "6.1": "The receiving system does not take this kind of content.", "6.2": "The content would have to be converted, which is not allowed.",
	"6.3": "The content would have to be converted, which is not possible.", "6.4": "The content was converted and has lost something.", "6.5": "Converting the content failed.",
	"6.7": "The receiving system does not take addresses in this script.",
	"7.0": "The receiving server refuses it by its rules.", "7.1": "The receiving server refuses it: the sender may not write there, or it was taken for spam.", "7.2": "The sender may not write to this list.",
	"7.3": "The receiving server cannot protect it as asked.", "7.4": "The receiving server lacks a security feature it needs.", "7.5": "Something about encryption failed.",
	"7.6": "The receiving server does not know the encryption used.", "7.7": "The message was changed on the way.", "7.8": "The sender's password was refused.",
	"7.9": "The sender's way to log in is not allowed.", "7.10": "Encryption is needed.", "7.13": "The account is switched off.",
	"7.20": "It carries no valid DKIM signature.", "7.21": "It carries no DKIM signature that the receiving server accepts.", "7.22": "No DKIM signature of the sender's own domain is valid.",
	"7.23": "SPF says that the sending server may not send for this domain.", "7.24": "The SPF record of the sender's domain cannot be read.",
	"7.25": "The sending server has no proper name in the DNS.", "7.26": "It passed neither of several checks of its sender.", "7.27": "The sender's domain takes no mail itself.", "7.28": "Too many messages came from the same place.",
}

// replyWords are for servers that give no more than the three digits. // RFC 5321 §4.2.3
var replyWords = map[string]string{
	"421": "4.3.2", "431": "4.3.1", "450": "4.2.0", "451": "4.3.0", "452": "4.3.1",
	"550": "5.1.1", "551": "5.1.6", "552": "5.2.2", "553": "5.1.3", "554": "5.7.0", "556": "5.1.10",
}

var (
	enhancedCode = pattern(`(?:^|[^\d.])([245]\.\d{1,3}\.\d{1,3})(?:$|[^\d.])`)
	replyCode    = pattern(`(?:^|[^\d.])([45][0-5]\d)(?:$|[ :#-])`)
)

// saidWords are for servers that give words only.
var saidWords = []struct {
	words  func() *regexp.Regexp
	status string
}{
	{pattern(`(?i)user unknown|unknown user|no such (?:user|recipient|mailbox|address)|does ?n[o']t exist|no mailbox here|unknown recipient|invalid recipient`), "5.1.1"},
	{pattern(`(?i)over ?quota|quota exceeded|mailbox (?:is )?full|exceeded (?:its|the) (?:storage|quota)`), "5.2.2"},
	{pattern(`(?i)host not found|domain not found|find any host|unrouteable|nxdomain|no such domain|no mx\b`), "5.1.2"},
	{pattern(`(?i)timed out|timeout|connection refused|no route to host|unreachable`), "4.4.1"},
	{pattern(`(?i)spam|blocked|blacklist|blocklist|reputation|policy`), "5.7.1"},
	{pattern(`(?i)too large|message size|exceeds (?:the )?(?:size|maximum)`), "5.3.4"},
	{pattern(`(?i)too many hops|mail loop|routing loop`), "5.4.6"},
}

func firstGroup(re *regexp.Regexp, s string) string {
	if m := re.FindStringSubmatch(cut(s, 2000)); m != nil {
		return m[1]
	}
	return ""
}

// preciseStatus is the most telling status: the one named unless it is general and the server's line knows more.
func preciseStatus(status, said string) string {
	status = firstGroup(enhancedCode(), status)
	if status == "5.1.10" && strings.Contains(said, "RecipientNotFound") { // as Exchange misuses it
		return "5.1.1"
	}
	if status != "" && !strings.HasSuffix(status, ".0.0") && statusWords[status[2:]] != "" {
		return status
	}
	if s := firstGroup(enhancedCode(), said); s != "" && statusWords[s[2:]] != "" {
		return s
	}
	for _, w := range saidWords {
		if w.words().MatchString(cut(said, 2000)) {
			return w.status
		}
	}
	if s := replyWords[firstGroup(replyCode(), said)]; s != "" {
		return s
	}
	return status
}

// explainStatus says why; empty where the code tells nothing.
func explainStatus(status string) string {
	if len(status) < 3 {
		return ""
	}
	if words := statusWords[status[2:]]; words != "" {
		return words
	}
	subject, _, _ := strings.Cut(status[2:], ".")
	return statusWords[subject+".0"]
}
