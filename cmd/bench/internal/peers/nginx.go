//go:build linux

package peers

import (
	"context"
	"os/exec"
	"path/filepath"
	"strings"
	"text/template"

	"selvedge/cmd/bench/internal/process"
)

// nginxConfig is the configuration of an expert for this load. Its comments give
// the reasons.
var nginxConfig = template.Must(template.New("nginx.conf").Parse(`
daemon off;
pid {{.Folder}}/nginx.pid;
error_log {{.Folder}}/nginx-error.log crit;
# One for each processor.
worker_processes auto;
events { worker_connections 1024; }
http {
	access_log off;
	default_type text/html;
	# All pieces of a page leave in one write. With sendfile each stored piece
	# is a call of its own, and with tcp_nopush a page that has to wait for a
	# fragment keeps back its head, and waits for an acknowledgment too.
	sendfile off;
	# Files of stored answers stay open.
	open_file_cache max=10000 inactive=10m;
	open_file_cache_valid 10m;
	# No connection of a run ends for its age.
	keepalive_timeout 10m;
	keepalive_requests 1000000000;
	client_body_temp_path {{.Folder}}/body;
	fastcgi_temp_path {{.Folder}}/fastcgi;
	scgi_temp_path {{.Folder}}/scgi;
	uwsgi_temp_path {{.Folder}}/uwsgi;
	proxy_temp_path {{.Folder}}/temp;
	# In memory if the machine has /dev/shm; a hit writes nothing.
	proxy_cache_path {{.Folder}}/cache levels=1:2 keys_zone=pages:16m max_size=256m inactive=1h use_temp_path=off;
	upstream origin {
		server {{.Origin}};
		# Idle connections of a worker: enough for all includes of its share
		# of the visitors.
		keepalive 320;
		keepalive_requests 1000000000;
		keepalive_timeout 10m;
	}
	server {
		# A queue for each worker, so that both get their share of visitors.
		listen {{.Address}} reuseport;
		proxy_http_version 1.1;
		proxy_set_header Connection "";
		# The shortest key that tells answers apart.
		proxy_cache_key $uri;
		proxy_cache_valid 200 1h;
		# An answer that is not stored fits into memory.
		proxy_buffers 16 16k;
		location /page/ {
			ssi on;
			proxy_cache pages;
			proxy_pass http://origin;
		}
		# Fragments include nothing; nor are those looked up that are never
		# stored.
		location /part/cached/ {
			proxy_cache pages;
			proxy_pass http://origin;
		}
		location /part/ { proxy_pass http://origin; }
	}
}
`))

// nginxSettings differ from run to run.
type nginxSettings struct{ Folder, Address, Origin string }

// StartNginx starts nginx in front of an origin, with its files in a folder. The
// program is the file of nginx; addresses are IPv4 addresses and ports.
func StartNginx(ctx context.Context, program, folder, address, origin string) (*process.Daemon, error) {
	file, err := writeConfig(folder, nginxConfig, nginxSettings{Folder: folder, Address: address, Origin: origin})
	if err != nil {
		return nil, err
	}
	return process.StartDaemon(ctx, folder, address, program, "-e", filepath.Join(folder, "nginx-error.log"), "-c", file)
}

// NginxVersion returns the version from the output of nginx -v
// ("nginx version: nginx/1.22.1"), or the text of the error.
func NginxVersion(ctx context.Context, program string) string {
	b, err := exec.CommandContext(ctx, program, "-v").CombinedOutput()
	if err != nil {
		return err.Error()
	}
	_, version, _ := strings.Cut(strings.TrimSpace(string(b)), "nginx version: ")
	return version
}
