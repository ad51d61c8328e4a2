package mailtest

import (
	"os"
	"os/user"
	"path/filepath"
	"strings"
	"testing"
	"text/template"

	"posthorn/mail"
)

// Domain is where the users of real servers have their addresses.
const Domain = "posthorn.example"

// Elsewhere is another domain where they have addresses, under the same local parts.
const Elsewhere = "friends.example"

// PostfixServer is a real Postfix that one test has for itself, with its own configuration and queue, and gone with the
// test. It takes submissions from the users of a Dovecot, with their passwords, and delivers to that Dovecot. It refuses
// recipients that are none of them: nothing leaves the machine.
type PostfixServer struct {
	Port    int // submission with STARTTLS
	TLSPort int // submission over TLS
	OldPort int // the same, by a server that knows neither 8BITMIME nor SMTPUTF8

	dir string
}

// Postfix starts a Postfix before a Dovecot that has these users. Where none is installed the test is skipped, and
// fails under CI; it is skipped too for anybody but root, whom Postfix insists on.
func Postfix(t testing.TB, d *DovecotServer, users ...string) *PostfixServer {
	t.Helper()
	bin := Installed(t, "postfix", "/usr/sbin/postfix")
	if os.Getuid() != 0 {
		t.Skip("Postfix runs for root only")
	}
	dir, err := os.MkdirTemp("", "posthorn-postfix-") // not in t.TempDir, which is closed to the user postfix
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	p := &PostfixServer{Port: freePort(t), TLSPort: freePort(t), OldPort: freePort(t), dir: dir}
	if err := p.configure(d, users); err != nil {
		t.Fatal(err)
	}
	startDaemon(t, "Postfix", "daemon started",
		`exec 3<&0; "$0" -c "$1" start-fg & s=$!; { cat <&3; kill $(sed 1q "$1/queue/pid/master.pid") || kill $s; } >/dev/null 2>&1 & wait $s`, bin, dir)
	return p
}

// Endpoint is how posthorn submits as a user.
func (p *PostfixServer) Endpoint(user string, security mail.Security) mail.Endpoint {
	port := p.Port
	if security == mail.TLS {
		port = p.TLSPort
	}
	return mail.Endpoint{Host: "127.0.0.1", Port: port, Security: security, User: user}
}

// postfixMain is for Postfix 3.4 and newer. DNS is never asked.
var postfixMain = template.Must(template.New("main.cf").Parse(`
compatibility_level = 2
queue_directory = {{.Dir}}/queue
data_directory = {{.Dir}}/data
maillog_file = /dev/stdout
myhostname = mail.{{.Domain}}
mydestination =
mynetworks = 127.0.0.1/32
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
alias_maps =
alias_database =
local_recipient_maps =
local_transport = error:5.1.1 there are no local users
default_transport = error:5.1.2 nothing leaves this machine
smtp_dns_support_level = disabled
virtual_mailbox_domains = {{.Domain}} {{.Elsewhere}}
virtual_mailbox_maps = inline:{ {{range .Users}}{ {{.}}@{{$.Domain}} = {{.}} } { {{.}}@{{$.Elsewhere}} = {{.}} } {{end}}}
virtual_transport = lmtp:unix:{{.LMTP}}
smtpd_tls_cert_file = {{.Cert}}
smtpd_tls_key_file = {{.Key}}
smtpd_tls_security_level = encrypt
smtpd_tls_auth_only = yes
smtpd_sasl_auth_enable = yes
smtpd_sasl_type = dovecot
smtpd_sasl_path = {{.Auth}}
smtpd_relay_restrictions = permit_sasl_authenticated, reject
smtpd_recipient_restrictions = permit_sasl_authenticated, reject
`))

var postfixMaster = template.Must(template.New("master.cf").Parse(`
127.0.0.1:{{.Port}} inet n - n - - smtpd
127.0.0.1:{{.TLSPort}} inet n - n - - smtpd -o smtpd_tls_wrappermode=yes
127.0.0.1:{{.OldPort}} inet n - n - - smtpd -o smtpd_tls_wrappermode=yes -o smtpd_discard_ehlo_keywords=8bitmime,smtputf8
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
tlsmgr unix - - n 1000? 1 tlsmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
flush unix n - n 1000? 0 flush
proxymap unix - - n - - proxymap
error unix - - n - - error
retry unix - - n - - error
lmtp unix - - n - - lmtp
anvil unix - - n - 1 anvil
postlog unix-dgram n - n - 1 postlogd
`))

func (p *PostfixServer) configure(d *DovecotServer, users []string) error {
	for _, name := range []string{"queue", "data"} {
		if err := os.Mkdir(filepath.Join(p.dir, name), 0o755); err != nil {
			return err
		}
	}
	owner, err := user.Lookup("postfix") // what mail_owner is unless changed
	if err != nil {
		return err
	}
	uid, gid, err := ids(owner)
	if err != nil {
		return err
	}
	if err := os.Chown(filepath.Join(p.dir, "data"), uid, gid); err != nil {
		return err
	}
	if err := os.Chmod(p.dir, 0o755); err != nil {
		return err
	}
	cert, key := d.Authority.Files()
	for name, text := range map[string]*template.Template{"main.cf": postfixMain, "master.cf": postfixMaster} {
		var b strings.Builder
		err := text.Execute(&b, map[string]any{"Dir": p.dir, "Domain": Domain, "Elsewhere": Elsewhere, "Users": users, "LMTP": d.LMTP, "Auth": d.Auth,
			"Cert": cert, "Key": key, "Port": p.Port, "TLSPort": p.TLSPort, "OldPort": p.OldPort})
		if err != nil {
			return err
		}
		if err := os.WriteFile(filepath.Join(p.dir, name), []byte(b.String()), 0o644); err != nil {
			return err
		}
	}
	return nil
}
