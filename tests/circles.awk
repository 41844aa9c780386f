# circles.awk: the second half of tests/circles, which says what it is for.
# layers.awk comes before it: the table of the folders is there.
#
# An arrow leads from an object to the one that defines what it uses.  An object
# with no arrow to the others, or none from them, is in no circle; taken away
# one after the other, such objects leave the circles and what lies between
# these.

BEGIN {
	# Arrows that are against the order or close a circle.  The list only
	# becomes shorter: an entry that is not needed any more is an error.
}

# FILE.o: NAME TYPE ...
{
	object = substr($1, length(build) + 1)
	sub(/\.o:$/, "", object)
	if (object != objects[count + 0])
		objects[++count] = object
	if ($3 == "U")
		users[$2] = users[$2] " " object
	else if ($3 ~ /^[A-Z]$/)
		owner[program(object), $2] = object
}

END {
	for (name in users)
		collect(name)
	for (arrow in names) {
		check_order(arrow)
		found = 1
	}
	if (!found)
		complain_of("no object uses another: these cannot be ours")
	for (arrow in excused)
		check_excuse(arrow)
	peel()
	for (i = 1; i <= count; i++)
		if (objects[i] in left)
			show_circle(objects[i])
	exit failed
}

# An object is linked with others of its program, and with the library.
function program(object)
{
	if (!sub(/^src\//, "", object))
		return "lib"
	sub(/^wamp-/, "", object)
	sub(/\/.*/, "", object)
	return object
}

# The arrows that the name makes.
function collect(name,	list, n, i, from, to)
{
	n = split(users[name], list, " ")
	for (i = 1; i <= n; i++) {
		from = list[i]
		if ((program(from), name) in owner)
			to = owner[program(from), name]
		else if (("lib", name) in owner)
			to = owner["lib", name]
		else
			continue
		names[from, to] = names[from, to] " " name
		if (!((from, to) in excused) && !((from, to) in drawn)) {
			drawn[from, to] = 1
			targets[from] = targets[from] " " to
		}
	}
}

function check_order(arrow,	end)
{
	split(arrow, end, SUBSEP)
	if (may_use(end[1], end[2]))
		return
	if (arrow in excused)
		needed_arrow[arrow] = 1
	else
		complain_of(end[1] " uses" names[arrow] " of " end[2] \
		    ", from above or beside it")
}

function check_excuse(arrow,	end)
{
	split(arrow, end, SUBSEP)
	if (arrow in needed_arrow ||
	    arrow in names && reaches(end[2], end[1]))
		return
	complain_of(end[1] " -> " end[2] \
	    " does no harm any more: take it off the list")
}

# Whether arrows lead from one object to the other.
function reaches(from, to,	been, queue, first, last, list, n, i)
{
	queue[last = 1] = from
	for (first = 1; first <= last; first++) {
		n = split(targets[queue[first]], list, " ")
		for (i = 1; i <= n; i++) {
			if (list[i] == to)
				return 1
			if (!(list[i] in been)) {
				been[list[i]] = 1
				queue[++last] = list[i]
			}
		}
	}
	return 0
}

# Leave in left[] what may be in a circle.
function peel(	i, before, kept, out, into, arrow, end)
{
	for (i = 1; i <= count; i++)
		left[objects[i]] = 1
	kept = count
	do {
		before = kept
		split("", out)
		split("", into)
		for (arrow in drawn) {
			split(arrow, end, SUBSEP)
			if (end[1] in left && end[2] in left)
				out[end[1]] = into[end[2]] = 1
		}
		for (i = 1; i <= count; i++)
			if (objects[i] in left &&
			    !(objects[i] in out && objects[i] in into)) {
				delete left[objects[i]]
				kept--
			}
	} while (kept < before)
}

# The circle through that object, unless it was shown, or there is none.
function show_circle(object,	i, j, n, member, text)
{
	if (object in shown)
		return
	for (i = 1; i <= count; i++)
		if (objects[i] in left && reaches(object, objects[i]) &&
		    reaches(objects[i], object)) {
			member[++n] = objects[i]
			shown[objects[i]] = 1
			text = text " " objects[i]
		}
	if (n == 0)
		return
	complain_of("circle of " n ":" text)
	for (i = 1; i <= n; i++)
		for (j = 1; j <= n; j++)
			if ((member[i], member[j]) in drawn)
				print "    " member[i] " -> " member[j] ":" \
				    names[member[i], member[j]]
}

function excuse(from, to)
{
	excused[from, to] = 1
}

function complain_of(text)
{
	print text " [circles]"
	failed = 1
}
