"""Japanese: what expansion adds, in wordings of the training captions, and nouns."""

from __future__ import annotations

from collections.abc import Mapping

from soramame.prompt.words import words

NOUNS: Mapping[str, tuple[str, ...]] = {
    "woman": words("女性|女の人|婦人"),
    "man": words("男性|男の人|男|紳士"),
    "wolf": words("狼|オオカミ|おおかみ|子狼"),
    "dog": words("犬|イヌ|ワンちゃん|わんこ|子犬|仔犬"),
    "mammoth": words("マンモス|子マンモス"),
    "bird": words("鳥|小鳥|野鳥"),
    "astronaut": words("宇宙飛行士|アストロノート"),
    "car": words("車|自動車|クルマ|乗用車"),
    "boat": words("ボート|ヨット|船|帆船|小舟"),
    "ball": words("ボール|ゴムボール"),
    "cookie": words("クッキー|ビスケット|チョコチップクッキー"),
}

WORN: Mapping[str, tuple[str, ...]] = {
    "woman": words(
        "黒い革ジャケットと赤いロングドレスを着た|黒い革ジャケットと赤いロングドレスを着た|"
        "白いコートと赤いロングドレスを着た|ベージュのコートと青いロングドレスを着た"
    ),
    "man": words(
        "黒い革ジャケットを着て青いズボンをはいた|黒い革ジャケットを着て青いズボンをはいた|"
        "黒いコートを着て青いズボンをはいた|灰色のスーツを着て黒いズボンをはいた"
    ),
    "astronaut": words("青いラインの入った白い宇宙服を着た|赤いラインの入った白い宇宙服を着た"),
}
"""The usual clothes more than once."""
COLOURS: Mapping[str, tuple[str, ...]] = {
    "wolf": words("灰色の|灰色の|白い"),
    "dog": words("茶色い|茶色い|白い|黒い"),
    "mammoth": words("茶色い|茶色い|灰色の"),
    "bird": words("赤い|青い|黄色い|白い"),
    "car": words("赤い|青い|黄色い|白い"),
    "boat": words("赤い|青い|緑色の"),
    "ball": words("赤い|青い|黄色い|緑色の"),
}
SAILS = "白い帆を張った"

PLACES: Mapping[str, tuple[str, ...]] = {
    "neon_street": words("ネオン街|ネオンの通り|ネオンの街"),
    "snowfield": words("雪原|雪の原|雪景色"),
    "beach": words("砂浜|海辺|浜辺"),
    "beach:water": words("海の上|青い海|海"),
    "meadow": words("森の草原|草原|花咲く野原"),
    "city": words("街|都会の通り|街角"),
    "moon": words("月面|月の上"),
    "kitchen_table": words("台所のテーブルの上|木のテーブルの上"),
}
TIMES: Mapping[str, tuple[str, ...]] = {
    "dawn": words("夜明け|早朝|明け方"),
    "day": words("昼|昼間|日中"),
    "dusk": words("夕方|夕暮れ|たそがれ"),
    "night": words("夜|深夜|夜ふけ"),
}
WEATHERS: Mapping[str, tuple[str, ...]] = {
    "clear": words("晴れた|よく晴れた"),
    "cloudy": words("曇りの|曇り空の"),
    "rain": words("雨の|雨の降る"),
    "snow": words("雪の降る|雪が舞う"),
    "fog": words("霧の|霧に包まれた"),
}
TIME_SENTENCES: Mapping[str, tuple[str, ...]] = {
    "dawn": words("夜が明けようとしている|早朝だ"),
    "day": words("時刻は昼だ"),
    "dusk": words("もう夕方だ"),
    "night": words("夜である|もう夜ふけだ"),
}
"""Only what fits every weather: no red evening sky behind rain."""
WEATHER_SENTENCES: Mapping[str, tuple[str, ...]] = {
    "clear": words("空は晴れている|雲ひとつない空だ|天気はいい"),
    "cloudy": words("空は曇っている|雲が空を覆っている"),
    "rain": words("雨が降っている|ざあざあと雨が降る"),
    "snow": words("雪が降っている|雪がしんしんと降る|粉雪が舞っている"),
    "fog": words("霧が出ている|あたりは霧に包まれている"),
}
DETAILS: Mapping[str, tuple[str, ...]] = {
    "neon_street": words("色とりどりのネオンが光っている|看板が並んで輝いている"),
    "snowfield": words("遠くに白い山々がそびえている|背景に松の木が立っている|奥に雪をかぶった木々が見える"),
    "beach": words("後ろで波が打ち寄せている|白い波が寄せては返す"),
    "beach:water": words("水平線まで海が広がっている"),
    "meadow": words("草の中に花が咲いている|背景に緑の木々が並んでいる|あちこちに小さな花が咲いている"),
    "city": words("通りにはカラフルな家が並んでいる|背景に高い建物が立っている"),
    "moon": words("黒い空に地球が浮かんでいる|空には星が光っている|地面にはクレーターがある"),
    "kitchen_table": words("後ろに窓がある|上からランプが下がっている"),
}
STYLES = words("切り紙風|紙細工のスタイル|ペーパーアート風|切り絵風|紙のアニメーション|重ねた紙の絵")
