# peers.awk: the table of tests/bench/peers, from its loads and servers, rows
# of fields between bars, then its figures and what all runs printed.

BEGIN {
	FS = "|"
}

FNR == 1 && ++part == 3 {
	FS = " "
	$0 = $0		# split it again
}

part == 1 {
	loads[++n_loads] = $1
	text[$1] = $2
	mode[$1] = $3
	figures[$1] = $6
	best[$1] = $7
}

part == 2 {
	servers[++n_servers] = $1
	name[$1] = $3
}

part == 3 {
	key = $1 " " $2 " " $3
	values[key] = values[key] " " $4
	limited[key] += $5 == "true"
	measured[$3] = 1
}

part == 4 {
	sum[$1] += $2
}

END {
	table()
	cost_columns()
	print "\nThe server's CPU time for a delivery, ns:\n"
	table()
	printf "\n%.0f deliveries verified, %d lost, %d not expected.\n",
	    sum["deliveries"], sum["lost"], sum["unexpected"]
	print "Of bytes and times less is better."
	if (any_limited)
		print "+: the load generator was the limit."
}

# From now on the loads with deliveries, and their cost.
function cost_columns(	l, n)
{
	for (l = 1; l <= n_loads; l++) {
		if (mode[loads[l]] == "idle")
			continue
		loads[++n] = loads[l]
		sub(/, p50.*/, "", text[loads[n]])
		figures[loads[n]] = "server_ns_per_delivery"
		best[loads[n]] = "less"
	}
	n_loads = n
}

function table(	line, rule, l, s)
{
	line = "| server"
	rule = "|---"
	for (l = 1; l <= n_loads; l++) {
		line = line " | " text[loads[l]]
		rule = rule "|--:"
	}
	print line " |\n" rule "|"
	for (s = 1; s <= n_servers; s++)
		if (servers[s] in measured)
			row(name[servers[s]], servers[s], "")
	if ("wampd" in measured) {
		row("wampd to the best of the others", "wampd", "peers")
		if ("kernel" in measured)
			row("wampd to the kernel alone", "wampd", "kernel")
	}
}

# A line of the table: of figures, or of their ratios to somebody's.
function row(title, server, to,	l, line, n, parts, i, cell)
{
	line = "| " title
	for (l = 1; l <= n_loads; l++) {
		cell = ""
		n = split(figures[loads[l]], parts, " ")
		for (i = 1; i <= n; i++)
			cell = cell (i > 1 ? " / " : "") (to == "" ? \
			    value(loads[l] " " parts[i], server) : \
			    ratio(loads[l], parts[i], server, to))
		line = line " | " (cell ~ /[0-9]/ ? cell : "-")
	}
	print line " |"
}

function value(what, server,	v, plus)
{
	if ((v = median(what " " server)) == "")
		return "-"
	if (limited[what " " server] * 2 > count(what " " server)) {
		plus = "+"
		any_limited = 1
	}
	return (v >= 1e6 ? sprintf("%.1f M", v / 1e6) : \
	    v >= 1e5 ? sprintf("%.0f k", v / 1e3) : sprintf("%.0f", v)) plus
}

function ratio(load, figure, server, to,	s, v, other, own)
{
	own = median(load " " figure " " server)
	for (s = 1; s <= n_servers; s++) {
		if (to == "peers" ? servers[s] ~ /^(wampd|kernel)/ : \
		    servers[s] != to)
			continue
		v = median(load " " figure " " servers[s])
		if (v != "" && (other == "" || \
		    (best[load] == "less" ? v < other : v > other)))
			other = v
	}
	return own == "" || other == "" || other == 0 ? "-" : \
	    sprintf("%.2f", own / other)
}

function count(key,	parts)
{
	return split(values[key], parts, " ")
}

# The middle one of the values, a number, or "" when there are none.
function median(key,	n, v, i, j, one)
{
	n = split(values[key], v, " ")
	for (i = 2; i <= n; i++) {
		one = v[i] + 0
		for (j = i - 1; j > 0 && v[j] + 0 > one; j--)
			v[j + 1] = v[j]
		v[j + 1] = one
	}
	return n == 0 ? "" : v[int((n + 1) / 2)] + 0
}
