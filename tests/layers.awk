# layers.awk: no file includes one from a layer above it.
#
#	awk -f tests/layers.awk FILE...
#
# base < proto < route < client < the programs, which do not see each other.
# A library is included only where the design puts it: the core of the broker
# sees transports through a table, never their libraries.  A source's own header
# comes first, which proves that it stands alone.

BEGIN {
	split("base proto route client", names)
	for (i in names)
		layer[names[i]] = i + 0
	home["libwebsockets.h"] = \
	    "^(src/wampd/(net/ws|server|main)(_[a-z]+)?|lib/client/[a-z_]+|" \
	    "tests/unit/t_lws_raw)\\.[ch]$"
	home["uv.h"] = \
	    "^(src/wampd/((net|process)/[a-z_]+|server(_[a-z]+)?|signals)|" \
	    "tests/unit/control_loop)\\.[ch]$"
	home["openssl/ssl.h"] = "^src/(bench|wampd/net)/tls\\.c$"
	home["yaml.h"] = "^lib/route/yaml(_[a-z]+)?\\.[ch]$"
	home["pcre2.h"] = "^lib/route/[a-z_]+\\.c$"
	home["jv.h"] = home["jq.h"] = "^lib/proto/jq(_[a-z]+)?\\.[ch]$"
}

FNR == 1 {
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
	split(name, part, "/")
	if (part[1] in layer) {
		if (layer[part[1]] > rank(FILENAME))
			complain("\"" name "\" is from a layer above")
	} else if (program(FILENAME) != part[1])
		complain("\"" name "\" belongs to no layer below")
}

END {
	exit failed
}

# The programs are above all layers of the library.
function rank(path,	part)
{
	split(path, part, "/")
	return part[1] == "lib" ? layer[part[2]] : 99
}

# The folder of src that a file may use: src/wamp-x.c has src/x.
function program(path)
{
	if (!sub(/^src\//, "", path))
		return ""
	sub(/^wamp-/, "", path)
	sub(/[\/.].*/, "", path)
	return path
}

function complain(text)
{
	printf "%s:%d: %s [layers]\n", FILENAME, FNR, text
	failed = 1
}
