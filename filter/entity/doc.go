// Package entity is the gazetteer: things of world politics with their names in
// many languages, and how a text is found to mention them.
//
// A pack is a YAML list of entities:
//
//   - slug: geneva
//     kind: place              # country place org office person topic
//     parent: switzerland
//     names:                   # language -> names, the first is the label
//     ar: [جنيف]
//     en: [Geneva]
//     not:  {en: [Geneva Convention, Lake Geneva], ar: [جنيفر]}
//     veto: {en: [Illinois, Ohio]}
//
// What begins with “- more: geneva” adds names, not, need and veto to an entity that stands
// elsewhere: in another file, or in the packs below. A name that the entity has is kept as it is.
//
// A name is a string, or {text: WHO, mode: caps, weak: true, article: optional, min: 2}.
// Its mode says how it is looked for ([ModeName] for countries, places,
// organisations and persons, [ModePhrase] for offices and topics, unless it says
// otherwise). "*" stands for any language.
//
// [Gazetteer.Find] resolves names per article: strings of not consume their
// place first; of places, organisations and persons that overlap the longest name wins; what is
// weak needs context, and veto words speak for a namesake.
package entity
