# style.awk: what can be counted of the style.
#
#	awk -f tests/style.awk FILE...
#
# Lines of at most 80 columns (a tab goes to the next multiple of 8), no
# blanks at their end; in C, functions of at most 100 lines, files of at most
# 500, and "#pragma once" in every header.

FNR == 1 {
	finish_file()
	path = FILENAME
	c = path ~ /\.[ch]$/
	once = 0
	start = 0
}

{
	lines = FNR
	if (columns($0) > 80)
		complain(FNR, "more than 80 columns")
	if (/[ \t]$/)
		complain(FNR, "blanks at the end of the line")
}

/^#pragma once$/ {
	once = 1
}

c && /^{/ {
	start = FNR
}

c && /^}/ && start {
	if (FNR - start > 100)
		complain(start, "a function of more than 100 lines")
	start = 0
}

END {
	finish_file()
	exit failed
}

function finish_file()
{
	if (path ~ /\.h$/ && !once)
		complain(1, "no #pragma once")
	if (path ~ /\.[ch]$/ && lines > 500)
		complain(lines, "more than 500 lines")
}

# UTF-8: continuation bytes take no column (awk may count bytes).
function columns(text,	n, parts, i, width)
{
	n = split(text, parts, "\t")
	for (i = 1; i <= n; i++) {
		gsub(/[\200-\277]/, "", parts[i])
		width += length(parts[i])
		if (i < n)
			width += 8 - width % 8
	}
	return width
}

function complain(line, text)
{
	printf "%s:%d: %s [style]\n", path, line, text
	failed = 1
}
