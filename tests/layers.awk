# layers.awk: no file includes one from a layer above it, or from a neighbour.
#
#	awk -f tests/layers.awk FILE...
#
# The table below says what each folder uses; circles.awk uses it, too.  Each
# library has its place: the core of the broker, for example, sees transports
# through a table and must not include their libraries.  A source includes its
# own header first, which proves that the header needs no other.

BEGIN {
	uses["lib/base"] = ""
	uses["lib/proto"] = "lib/base"
	uses["lib/token"] = "lib/base lib/proto"
	uses["lib/route"] = "lib/base lib/proto"
	uses["lib/client"] = "lib/base lib/proto lib/token lib/route"

	broker = "src/wampd"
	core = broker "/core"
	uses[core] = "lib"
	uses[broker "/config"] = "lib " core "/settings"
	uses[broker "/process"] = "lib " core
	uses[broker "/wamp1"] = "lib " core
	uses[broker "/admin"] = "lib " core
	uses[broker "/metrics"] = "lib " core
	uses[broker "/handlers"] = "lib " core " " broker "/process"
	uses[broker "/maintenance"] = "lib " core
	uses[broker "/meta"] = "lib " core
	uses[broker "/state"] = "lib " core
	uses[broker "/auth"] = "lib " core " " broker "/process"
	uses[broker "/net"] = "lib " core " " broker "/wamp1 " broker "/auth"
	uses[broker] = "lib " broker

	home["libwebsockets.h"] = \
	    "^(lib/client/[a-z_]+|tests/unit/lws_server)\\.[ch]$"
	home["uv.h"] = \
	    "^(src/wampd/((net|process)/[a-z_]+|server(_[a-z]+)?|signals)|" \
	    "tests/unit/(net_loop|lws_server))\\.[ch]$"
	home["openssl/ssl.h"] = \
	    "^(src/bench/tls|src/check/certificate|" \
	    "src/wampd/net/(ws_)?tls(_[a-z]+)?|" \
	    "tests/(unit/(t_wampd_(stream_)?)?tls(_[a-z]+)?|" \
	    "bench/bench_wampd_tls))\\.c$"
	home["openssl/evp.h"] = \
	    "^(lib/token/jwk_openssl|src/wampd/(auth/oro(_state)?|" \
	    "net/(handshake|tls(_[a-z]+)?))|" \
	    "tests/(bench/bench_wampd_oro|fuzz/fuzz_client|" \
	    "unit/(t_wampd_)?tls(_[a-z]+)?))\\.[ch]$"
	home["zlib.h"] = "^(src/wampd/(net/deflate|state/record)|" \
	    "tests/unit/t_wampd_deflate|tests/fuzz/fuzz_wampd_deflate)\\.c$"
	home["yaml.h"] = "^lib/route/yaml(_[a-z]+)?\\.[ch]$"
	home["pcre2.h"] = "^lib/route/[a-z_]+\\.c$"
	home["seccomp.h"] = "^lib/base/(seccomp_api|syscalls)\\.[ch]$"
	home["curses.h"] = "^src/top/screen\\.c$"
	home["jv.h"] = home["jq.h"] = "^lib/proto/jq(_[a-z]+)?\\.[ch]$"
}

FNR == 1 && FILENAME ~ /\.[ch]$/ {
	first = 1
	own = FILENAME
	sub(/^(lib|src|tests\/[a-z]+)\//, "", own)
	sub(/c$/, "h", own)
	header = FILENAME
	sub(/c$/, "h", header)
	has_own = FILENAME ~ /\.c$/ && (getline line <header) >= 0
	close(header)
}

/^#[ \t]*include[ \t]*</ {
	name = $0
	sub(/^[^<]*</, "", name)
	sub(/>.*/, "", name)
	if (name in home && FILENAME !~ home[name])
		complain("<" name "> does not belong here")
	if (first && has_own)
		complain("\"" own "\" must be included first")
	first = 0
}

/^#[ \t]*include[ \t]*"/ {
	name = $0
	sub(/^[^"]*"/, "", name)
	sub(/".*/, "", name)
	if (first && has_own && name != own)
		complain("\"" own "\" must be included first")
	first = 0
	if (FILENAME ~ /^tests\//)
		next
	top = name
	sub(/\/.*/, "", top)
	included = (("lib/" top) in uses ? "lib/" : "src/") name
	if (!may_use(FILENAME, included))
		complain("\"" name "\" is from a layer above, or a neighbour")
}

END {
	if (failed)
		exit 1
}

# The folder of a file; src/wamp-x.c counts as one, above src/x.
function folder(path)
{
	if (path !~ /^src\/[^\/]*$/)
		sub(/\/[^\/]*$/, "", path)
	sub(/\.[a-z]$/, "", path)
	return path
}

function may_use(from, to,	own, list, names, n, i)
{
	own = folder(from)
	if (folder(to) == own)
		return 1
	if (own in uses)
		list = uses[own]
	else if (sub(/^src\/wamp-/, "src/", own))
		list = "lib " own
	else if (own ~ /^src\/[^\/]*$/ || own !~ /^(lib|src)\//)
		list = "lib"
	sub(/\.[a-z]$/, "", to)
	n = split(list, names, " ")
	for (i = 1; i <= n; i++)
		if (to == names[i] || index(to, names[i] "/") == 1)
			return 1
	return 0
}

function complain(text)
{
	printf "%s:%d: %s [layers]\n", FILENAME, FNR, text
	failed = 1
}
