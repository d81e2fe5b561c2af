#!/bin/sh
# Copies the third-party files that the pages need, with their licences, into
# vendor/ and axe-core beside the browser tests. Run it after a change in
# package.json:
#
#   cd static && npm ci --ignore-scripts && ./vendor.sh
#
# The copies are committed, so neither go build nor the running program needs npm.
set -eu
cd "$(dirname "$0")"
modules=node_modules
tests=../server/web/testdata
[ -d $modules/echarts ] || { echo "vendor.sh: run 'npm ci --ignore-scripts' first" >&2; exit 1; }

# put SOURCE TARGET: copy one file and say so. A map file is never shipped, so
# the comment that points to it would only make the developer tools ask in vain.
put() {
    mkdir -p "$(dirname "$2")"
    case $1 in
    *.css | *.js) sed -e '/^\/\/# sourceMappingURL=/d' -e 's|/\*# sourceMappingURL=[^*]*\*/||' "$1" >"$2" ;;
    *) cat "$1" >"$2" ;;
    esac
    echo "$2"
}

rm -rf vendor

# The whole ECharts: the two smaller builds lack LabelLayout, without which the
# labels at the line ends overlap.
put $modules/echarts/dist/echarts.min.js vendor/echarts/echarts.min.js
put $modules/echarts/LICENSE vendor/echarts/LICENSE
put $modules/echarts/licenses/LICENSE-d3 vendor/echarts/LICENSE-d3
put $modules/echarts/NOTICE vendor/echarts/NOTICE

put $modules/@tabler/core/dist/css/tabler.min.css vendor/tabler/tabler.min.css
put $modules/@tabler/core/dist/css/tabler.rtl.min.css vendor/tabler/tabler.rtl.min.css
# @tabler/core ships no licence file. Its notice stands at the head of its style
# sheet, the licence text is that of its sister package; Bootstrap is inside.
{
    sed -n 's/^ \* \(Copyright.*\)/\1/p' $modules/@tabler/core/dist/css/tabler.min.css | head -2
    echo "Contains parts of Bootstrap, Copyright 2011-2025 The Bootstrap Authors, under the same licence."
    echo
    sed '/^Copyright/d' $modules/@tabler/icons/LICENSE
} >vendor/tabler/LICENSE
echo vendor/tabler/LICENSE

for part in latin latin-ext; do
    put $modules/@fontsource-variable/inter/files/inter-$part-wght-normal.woff2 vendor/inter/inter-$part.woff2
done
put $modules/@fontsource-variable/inter/LICENSE vendor/inter/LICENSE

# One sprite for all icons: <svg class="icon"><use href="...sprite.svg#check"/></svg>
# takes the colour of the text around it and costs one request.
icons="alert-triangle arrow-back-up arrow-down arrow-left arrow-right arrow-up chart-line check chevron-down
clipboard-list copy download external-link eye eye-off grip-vertical info-circle key language lock
logout mail message-2 mood-empty pencil plug-off plus printer qrcode refresh search table trash trending-down
tag trending-up user users x"
sprite=vendor/tabler-icons/sprite.svg
mkdir -p vendor/tabler-icons
{
    echo '<svg xmlns="http://www.w3.org/2000/svg">'
    for icon in $icons; do
        printf '<symbol id="%s" viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-linecap="round" stroke-linejoin="round">' "$icon"
        tr '\n' ' ' <$modules/@tabler/icons/icons/outline/"$icon".svg |
            sed -e 's/<svg[^>]*>//' -e 's/<\/svg>//' -e 's/<path stroke="none"[^>]*>//' -e 's/<!--.*-->//' -e 's/  */ /g' -e 's/> </></g' -e 's/^ //' -e 's/ $//'
        echo '</symbol>'
    done
    echo '</svg>'
} >$sprite
echo $sprite
put $modules/@tabler/icons/LICENSE vendor/tabler-icons/LICENSE

put $modules/sortablejs/Sortable.min.js vendor/sortablejs/sortable.min.js
put $modules/sortablejs/LICENSE vendor/sortablejs/LICENSE

# The words that say nothing, of the 14 languages that respondents can be asked in
# only. The package ships no licence file; package.json says MIT and names its author.
languages='["ar","de","en","es","fr","he","it","ja","nl","pl","pt","tr","uk","zh"]'
mkdir -p vendor/stopwords-iso
node -e 'const all = require("./'$modules'/stopwords-iso/stopwords-iso.json")
console.log("{" + JSON.parse(process.argv[1]).map(l => JSON.stringify(l) + ":" + JSON.stringify(all[l])).join(",\n") + "}")' "$languages" >vendor/stopwords-iso/stopwords.json
echo vendor/stopwords-iso/stopwords.json
{
    echo "MIT License"
    echo
    echo "Copyright (c) $(sed -n 's/^ *"author": "\([^<"]*\) <.*/\1/p' $modules/stopwords-iso/package.json) and the contributors to stopwords-iso"
    echo
    sed -n '/^Permission is hereby/,$p' $modules/sortablejs/LICENSE
} >vendor/stopwords-iso/LICENSE
echo vendor/stopwords-iso/LICENSE

put $modules/axe-core/axe.min.js $tests/axe.min.js
put $modules/axe-core/LICENSE $tests/axe.LICENSE
put $modules/axe-core/LICENSE-3RD-PARTY.txt $tests/axe.LICENSE-3RD-PARTY

for name in echarts @tabler/core @tabler/icons @fontsource-variable/inter axe-core sortablejs stopwords-iso; do
    sed -n "s|^[[:space:]]*\"version\": \"\([^\"]*\)\".*|$name \1|p" $modules/$name/package.json | head -1
done >vendor/versions.txt
cat vendor/versions.txt
