package mailtest

import (
	"context"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"text/template"

	"posthorn/mail"
)

// DovecotServer is a real Dovecot that one test has for itself: with its own configuration, users and mail, and gone
// with the test. Every user has the password "secret" and Drafts, Sent, Archive, Junk and Trash with their special
// use; in user names whatever stands behind an @ is passed over, so it takes mail for every domain.
type DovecotServer struct {
	Dir       string     // everything it writes; anybody may enter it, so that Postfix finds the sockets
	Authority *Authority // who vouches for it
	TLSPort   int        // IMAP over TLS
	Port      int        // IMAP without, or with STARTTLS
	Auth      string     // socket that checks passwords: Postfix's smtpd_sasl_path, with smtpd_sasl_type = dovecot
	LMTP      string     // socket that takes mail: Postfix's virtual_transport = lmtp:unix:…

	config string
}

// Dovecot starts a Dovecot with these users. Where none is installed the test is skipped, and fails under CI.
func Dovecot(t testing.TB, users ...string) *DovecotServer {
	t.Helper()
	bin := Installed(t, "dovecot", "/usr/sbin/dovecot")
	dir, err := os.MkdirTemp("", "posthorn-dovecot-") // t.TempDir is too deep for a socket and closed to others
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	d := &DovecotServer{Dir: dir, Authority: NewAuthority(dir), TLSPort: freePort(t), Port: freePort(t),
		Auth: filepath.Join(dir, "auth"), LMTP: filepath.Join(dir, "lmtp"), config: filepath.Join(dir, "dovecot.conf")}
	if err := d.configure(users); err != nil {
		t.Fatal(err)
	}
	startDaemon(t, "Dovecot", "starting up for", `exec 3<&0; "$0" -F -c "$1" & s=$!; { cat <&3; kill $s; } >/dev/null 2>&1 & wait $s`, bin, d.config)
	return d
}

// Installed is the path of a program: on the PATH, or at the place usual for what only root should run. Where there
// is none the test is skipped, and fails under CI.
func Installed(t testing.TB, name, usual string) string {
	t.Helper()
	if path, err := exec.LookPath(name); err == nil {
		return path
	}
	if path, err := exec.LookPath(usual); err == nil {
		return path
	}
	if os.Getenv("CI") == "true" {
		t.Fatalf("%s is not installed; .ci/run installs it", name)
	}
	t.Skipf("%s is not installed", name)
	return ""
}

// Account is how posthorn reaches a user, without submission.
func (d *DovecotServer) Account(user string, security mail.Security) mail.Account {
	port := d.Port
	if security == mail.TLS {
		port = d.TLSPort
	}
	return mail.Account{Name: user, Address: user + "@posthorn.example", CAFile: d.Authority.File,
		IMAP: mail.Endpoint{Host: "127.0.0.1", Port: port, Security: security, User: user}}
}

// Admin runs doveadm: what its words say is done from below, beside all IMAP connections.
func (d *DovecotServer) Admin(t testing.TB, words ...string) {
	t.Helper()
	out, err := exec.Command(Installed(t, "doveadm", "/usr/bin/doveadm"), append([]string{"-c", d.config}, words...)...).CombinedOutput()
	if err != nil {
		t.Fatalf("doveadm %v: %v, %s", words, err, out)
	}
}

// Pipe connects to a user's mail without network and login, wherever the client means to go: every connection is an
// imap process of its own.
func (d *DovecotServer) Pipe(user string) func(context.Context, string, string) (net.Conn, error) {
	return func(context.Context, string, string) (net.Conn, error) {
		client, server := net.Pipe()
		cmd := exec.Command("doveadm", "-c", d.config, "exec", "imap", "-u", user)
		cmd.Stdout = server
		in, err := cmd.StdinPipe() // not Stdin: Wait would wait for the client
		if err != nil {
			return nil, err
		}
		if err := cmd.Start(); err != nil {
			return nil, err
		}
		go func() {
			_, _ = io.Copy(in, server) // until the client hangs up
			in.Close()
		}()
		go func() {
			_ = cmd.Wait() // it ends with its input
			server.Close()
		}()
		return client, nil
	}
}

// dovecotConfig is for Dovecot 2.3. A wrong password does not slow down the next login. Services run without chroot, so that it works for everybody; who is not root has all
// processes run as himself.
var dovecotConfig = template.Must(template.New("dovecot").Parse(`
base_dir = {{.Dir}}/run
state_dir = {{.Dir}}/state
log_path = /dev/stderr
protocols = imap lmtp
listen = 127.0.0.1
ssl = yes
ssl_cert = <{{.Cert}}
ssl_key = <{{.Key}}
disable_plaintext_auth = no
auth_mechanisms = plain login
auth_username_format = %Ln
auth_failure_delay = 0
mail_location = maildir:{{.Dir}}/mail/%n
mail_fsync = never
mail_max_userip_connections = 100
first_valid_uid = 1
{{if not .Root}}default_internal_user = {{.User}}
default_internal_group = {{.Group}}
default_login_user = {{.User}}
{{end}}passdb {
  driver = passwd-file
  args = scheme=PLAIN {{.Dir}}/users
}
userdb {
  driver = passwd-file
  args = {{.Dir}}/users
}
namespace inbox {
  inbox = yes
  separator = /
{{range .Special}}  mailbox {{.}} {
    special_use = \{{.}}
    auto = subscribe
  }
{{end}}}
service imap-login {
  chroot =
  inet_listener imap {
    port = {{.Port}}
  }
  inet_listener imaps {
    port = {{.TLSPort}}
    ssl = yes
  }
}
service anvil {
  chroot =
  unix_listener anvil-auth-penalty {
    mode = 0
  }
}
service auth {
  unix_listener {{.Auth}} {
    mode = 0666
  }
}
service lmtp {
  unix_listener {{.LMTP}} {
    mode = 0666
  }
}
`))

func (d *DovecotServer) configure(users []string) error {
	me, err := user.Current()
	if err != nil {
		return err
	}
	group, err := user.LookupGroupId(me.Gid)
	if err != nil {
		return err
	}
	owner, root := me, me.Uid == "0"
	if root { // whose mail is not root's: Dovecot wants it so
		if owner, err = user.Lookup("nobody"); err != nil {
			return err
		}
	}
	uid, gid, err := ids(owner)
	if err != nil {
		return err
	}
	var list strings.Builder
	for _, name := range users {
		fmt.Fprintf(&list, "%s:secret:%d:%d::%s/mail/%s::\n", name, uid, gid, d.Dir, name)
	}
	if err := os.WriteFile(filepath.Join(d.Dir, "users"), []byte(list.String()), 0o644); err != nil {
		return err
	}
	store := filepath.Join(d.Dir, "mail")
	if err := os.Mkdir(store, 0o700); err != nil {
		return err
	}
	if err := os.Chown(store, uid, gid); err != nil {
		return err
	}
	if err := os.Chmod(d.Dir, 0o755); err != nil {
		return err
	}
	cert, key := d.Authority.Files()
	var text strings.Builder
	err = dovecotConfig.Execute(&text, map[string]any{
		"Dir": d.Dir, "Cert": cert, "Key": key, "Port": d.Port, "TLSPort": d.TLSPort, "Auth": d.Auth, "LMTP": d.LMTP,
		"Root": root, "User": me.Username, "Group": group.Name, "Special": []string{"Drafts", "Sent", "Archive", "Junk", "Trash"},
	})
	if err != nil {
		return err
	}
	return os.WriteFile(d.config, []byte(text.String()), 0o644)
}

func ids(u *user.User) (uid, gid int, err error) {
	if uid, err = strconv.Atoi(u.Uid); err != nil {
		return 0, 0, err
	}
	gid, err = strconv.Atoi(u.Gid)
	return uid, gid, err
}

// freePort is a port nobody listens on now, below those that systems give to outgoing connections and to listeners on
// port 0: one of these could take it before the server does.
func freePort(t testing.TB) int {
	t.Helper()
	for range 100 {
		port := 12000 + rand.IntN(20000)
		if l, err := net.Listen("tcp", fmt.Sprintf("127.0.0.1:%d", port)); err == nil {
			l.Close()
			return port
		}
	}
	t.Fatal("no port is free")
	return 0
}
