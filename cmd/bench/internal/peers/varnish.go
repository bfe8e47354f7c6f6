//go:build linux

package peers

import (
	"context"
	"net"
	"os/exec"
	"path/filepath"
	"strings"
	"text/template"

	"selvedge/cmd/bench/internal/process"
)

// varnishConfig is the configuration of an expert for this load. Varnish
// completes the pages that opt in to ESI, as ours does.
var varnishConfig = template.Must(template.New("page.vcl").Parse(`
vcl 4.1;

backend origin {
	.host = "{{.Host}}";
	.port = "{{.Port}}";
}

sub vcl_recv {
	# What is never stored is not looked up either, which would be a
	# hit-for-miss for each fragment.
	if (req.url ~ "^/part/(uncached|slow)/") {
		return (pass);
	}
	# Nothing else of the built-in rules is needed.
	return (hash);
}

sub vcl_hash {
	# The shortest key that tells answers apart.
	hash_data(req.url);
	return (lookup);
}

sub vcl_backend_response {
	if (beresp.http.Surrogate-Control ~ "ESI/1.0") {
		set beresp.do_esi = true;
	}
}
`))

// varnishSettings differ from run to run.
type varnishSettings struct{ Host, Port string }

// varnishParameters are the arguments of an expert for this load.
var varnishParameters = []string{
	"-F",         // in the foreground: it ends with this process
	"-j", "none", // with the rights of this process
	"-T", "none", // no management interface
	"-s", "malloc,256m", // more than all pages
	// A thread for each visitor, at once.
	"-p", "thread_pools=2",
	"-p", "thread_pool_min=100",
	"-p", "thread_pool_max=500",
	// A template need not begin with a tag.
	"-p", "feature=+esi_disable_xml_check",
	// Nothing is compressed here, and no object stored for it.
	"-p", "http_gzip_support=off",
	// No connection of a run ends for its age.
	"-p", "timeout_idle=600",
	"-p", "backend_idle_timeout=600",
	// No log records of requests.
	"-p", "vsl_mask=-" + strings.Join(varnishTags, ",-"),
}

// varnishTags are the records of a request in the shared memory log.
var varnishTags = []string{
	"Begin", "End", "Link", "Timestamp", "Filters", "Hit", "Length", "Storage", "TTL", "Fetch_Body",
	"ReqStart", "ReqMethod", "ReqURL", "ReqProtocol", "ReqHeader", "ReqUnset", "ReqAcct",
	"RespProtocol", "RespStatus", "RespReason", "RespHeader", "RespUnset",
	"BereqMethod", "BereqURL", "BereqProtocol", "BereqHeader", "BereqUnset", "BereqAcct",
	"BerespProtocol", "BerespStatus", "BerespReason", "BerespHeader", "BerespUnset",
	"BackendOpen", "BackendClose", "SessOpen", "SessClose", "VCL_call", "VCL_return", "VCL_use",
}

// StartVarnish starts varnishd in front of an origin, with its files in a
// folder. The program is the file of varnishd; addresses are IPv4 addresses and
// ports.
func StartVarnish(ctx context.Context, program, folder, address, origin string) (*process.Daemon, error) {
	host, port, err := net.SplitHostPort(origin)
	if err != nil {
		return nil, err
	}
	file, err := writeConfig(folder, varnishConfig, varnishSettings{host, port})
	if err != nil {
		return nil, err
	}
	args := append([]string{"-a", address, "-f", file, "-n", filepath.Join(folder, "varnish")}, varnishParameters...)
	return process.StartDaemon(ctx, folder, address, program, args...)
}

// VarnishVersion returns the version from the output of varnishd -V
// ("varnishd (varnish-7.1.1 revision …)"), or the text of the error.
func VarnishVersion(ctx context.Context, program string) string {
	b, err := exec.CommandContext(ctx, program, "-V").CombinedOutput()
	if err != nil {
		return err.Error()
	}
	_, version, _ := strings.Cut(string(b), "(")
	version, _, _ = strings.Cut(version, " ")
	return version
}
