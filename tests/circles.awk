# circles.awk: the second half of tests/circles, which says what it is for.
# layers.awk is loaded before it, and has the table of the folders.
#
# An arrow leads from an object to the one that defines a name that it uses.  An
# object without an arrow to the others, or without one from them, is not in a
# circle.  If such objects are removed one after the other, only the circles and
# the objects between them are left.

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
		complain_of("no object uses another: these are not our objects")
	peel()
	for (i = 1; i <= count; i++)
		if (objects[i] in left)
			show_circle(objects[i])
	exit failed
}

# The program of an object; it is linked with that program and the library.
function program(object)
{
	if (!sub(/^src\//, "", object))
		return "lib"
	sub(/^wamp-/, "", object)
	sub(/\/.*/, "", object)
	return object
}

# Draw the arrows of a name: from its users to its owner.
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
		if (!((from, to) in drawn)) {
			drawn[from, to] = 1
			targets[from] = targets[from] " " to
		}
	}
}

function check_order(arrow,	end)
{
	split(arrow, end, SUBSEP)
	if (!may_use(end[1], end[2]))
		complain_of(end[1] " uses" names[arrow] " of " end[2] \
		    ", from above or beside it")
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

# Keep in left[] the objects that may be in a circle.
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

# Show the circle through that object, if there is one and it was not shown.
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

function complain_of(text)
{
	print text " [circles]"
	failed = 1
}
