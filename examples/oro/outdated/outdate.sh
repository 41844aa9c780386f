#!/bin/bash
# outdate.sh [-c] [-u USER] CLASS [ID...]: tell all pages that entities have
# changed.  It publishes on oro/data/update what an Oro application publishes
# when it saves them, so Oro's pages say that their content is outdated.
#
#	outdate.sh -u admin 'Oro\Bundle\UserBundle\Entity\User' 1
#	outdate.sh -c 'Acme\ShopBundle\Entity\Order'
#
# -c	Lists of these entities have changed, too: one was added or removed.
#	Without an ID, this is always so.
# -u	Who has changed them.  His own pages do not complain.
#
# An entity whose identifier has several parts is given as PART_PART.
set -euo pipefail

usage()
{
	echo 'usage: outdate.sh [-c] [-u USER] CLASS [ID...]' >&2
	exit 2
}

lists=false
user=
named=false
while getopts cu: option; do
	case $option in
	c)	lists=true ;;
	u)	user=$OPTARG named=true ;;
	*)	usage ;;
	esac
done
shift $((OPTIND - 1))
[ $# -gt 0 ] || usage
class=$1
shift
[ $# -gt 0 ] || lists=true

# The names of tags are those of Oro's generators: whatever is no letter becomes
# one "_", digits too.  Doctrine's proxies stand for the class behind them.
# shellcheck disable=SC2016	# variables of jq
wamp-pub --arg class "$class" --arg ids "$(printf '%s\n' "$@")" \
    --arg user "$user" --argjson named "$named" --argjson lists "$lists" \
    --jq '
	($class | sub("^.*\\\\__CG__\\\\"; "") | ltrimstr("\\") |
	    gsub("[^A-Za-z]+"; "_")) as $name |
	[($ids | split("\n")[] | select(. != "") | "\($name)_\(.)"),
	    (select($lists) | "\($name)_type_collection")] |
	unique | map({username: (if $named then $user else null end),
	    tagname: .})' oro/data/update null
