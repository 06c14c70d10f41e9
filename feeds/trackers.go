package feeds

import "strings"

// trackers are query parameters that say how a reader came, never what the page
// is. Names are in lower case.
var trackers = func() map[string]bool {
	m := map[string]bool{}
	for _, line := range []string{
		// advertising and social networks
		"fbclid gclid gclsrc dclid gbraid wbraid msclkid yclid ysclid twclid ttclid igshid igsh li_fat_id mc_cid mc_eid _openstat srsltid epik",
		"fb_action_ids fb_action_types fb_source fb_ref fb_comment_id action_object_map action_type_map action_ref_map",
		// campaign and mail systems
		"_hsenc _hsmi hsctatracking __hssc __hstc __hsfp mkt_tok oly_anon_id oly_enc_id vero_id vero_conv _ke bsft_eid bsft_uid bsft_clkid mbid nlid",
		"ck_subscriber_id elqtrackid elqtrack elq elqat elqcampaignid wickedid s_cid s_kwcid sc_cid sc_eh sc_uid dm_i",
		"rb_clickid trk trkcampaign trkcat cvid ocid icid ncid cid_source",
		// analytics
		"_ga _gl ga_source ga_medium ga_term ga_content ga_campaign gs_lcp piwik_campaign piwik_kwd pk_campaign pk_kwd pk_source pk_medium pk_content pk_cid",
		"wt_mc wt_zmc wt.mc_id wt.mc_ev wtrid otc xtor xtref xts spm scm ito smid smtyp cmpid cmp cmpref taid ftag ftag_id ftcamp intcid intcmp int_cmp",
		"referrer referer src_tracking refsrc ref_src ref_url ref_source source_caller guccounter guce_referrer guce_referrer_sig",
		"feature_tracking partner_tracking sref sfnsn wtmc dicbo mod_tracking __twitter_impression __s s_campaign echobox traffic_source",
		"soc_src soc_trk tsrc via_tracking fromrss from_rss rss_from partnerid_tracking yptr hootpostid share_id shareid mrid",
		"maca nl_campaign newsletter_id emailref emc partner_source ns_campaign ns_mchannel ns_source ns_linkname ns_fee",
		"sr_share sharetype share_from share_source share_medium share_tag unique_k vd_source spm_id_from from_spmid",
		"usqp amp_js_v amp_gsa amp_ct amp_tf aoh amp_latest_update_time _amp noamp isamp",
	} {
		for _, name := range strings.Fields(line) {
			m[name] = true
		}
	}
	return m
}()

// trackerPrefixes begin the names of whole families.
var trackerPrefixes = []string{"utm_", "mtm_", "at_", "ns_", "hsa_", "matomo_", "stm_", "wt.", "_bta_", "fb_", "ga_"}

// oneOf are parameters that track only with these values; with others they may
// name the page.
var oneOf = map[string]string{
	"ref":         "rss feed twitter tw facebook fb social telegram tg home homepage hp newsletter email mail google push app share upstract nl topnews",
	"source":      "rss feed twitter facebook fb social telegram newsletter email mail google push app share whatsapp",
	"src":         "rss feed twitter facebook fb social telegram newsletter email mail google push app share",
	"from":        "rss feed twitter facebook fb social telegram newsletter email mail google push app share",
	"partner":     "rss feed",
	"feed":        "rss rss2 atom",
	"rss":         "1 true yes",
	"via":         "rss twitter facebook fb telegram email",
	"share":       "twitter facebook telegram whatsapp email 1 true",
	"amp":         "1 true yes amp",
	"outputtype":  "amp",
	"output":      "amp",
	"view":        "amp",
	"mode":        "amp",
	"type":        "amp",
	"template":    "amp",
	"amp_display": "1",
	"print":       "1 true yes",
}

// isTracker reports whether a parameter (its name in lower case) tells nothing
// about the page.
func isTracker(name, value string) bool {
	if trackers[name] {
		return true
	}
	for _, prefix := range trackerPrefixes {
		if strings.HasPrefix(name, prefix) {
			return true
		}
	}
	if name == "amp" && value == "" {
		return true
	}
	values, ok := oneOf[name]
	if !ok || value == "" {
		return false
	}
	value = strings.ToLower(value)
	for _, v := range strings.Fields(values) {
		if v == value {
			return true
		}
	}
	return false
}
