package telegramtest

import (
	"strings"
	"sync"
)

// schemaText is the part of Bot API 10.1 that this server answers: a line a method or object, then its fields with their
// types; ! marks a required one. Fields that the server would have to ignore are left out, so that using one is an error
// and not a surprise. An object without fields stands for one of several: the first whose required fields are all there.
const schemaText = `
method getMe
method getUpdates offset Integer, limit Integer, timeout Integer, allowed_updates Array of String
method deleteWebhook drop_pending_updates Boolean
method setWebhook url! String, ip_address String, max_connections Integer, allowed_updates Array of String, drop_pending_updates Boolean, secret_token String
method getWebhookInfo

method sendMessage chat_id! Integer|String, message_thread_id Integer, text! String, parse_mode String, entities Array of MessageEntity, link_preview_options LinkPreviewOptions, disable_notification Boolean, protect_content Boolean, allow_paid_broadcast Boolean, reply_parameters ReplyParameters, reply_markup InlineKeyboardMarkup|ReplyKeyboardMarkup|ReplyKeyboardRemove|ForceReply
method sendPhoto chat_id! Integer|String, message_thread_id Integer, photo! InputFile|String, caption String, parse_mode String, caption_entities Array of MessageEntity, show_caption_above_media Boolean, has_spoiler Boolean, disable_notification Boolean, protect_content Boolean, allow_paid_broadcast Boolean, reply_parameters ReplyParameters, reply_markup InlineKeyboardMarkup|ReplyKeyboardMarkup|ReplyKeyboardRemove|ForceReply
method forwardMessage chat_id! Integer|String, message_thread_id Integer, from_chat_id! Integer|String, disable_notification Boolean, protect_content Boolean, message_id! Integer
method copyMessage chat_id! Integer|String, message_thread_id Integer, from_chat_id! Integer|String, message_id! Integer, disable_notification Boolean, protect_content Boolean, reply_parameters ReplyParameters, reply_markup InlineKeyboardMarkup|ReplyKeyboardMarkup|ReplyKeyboardRemove|ForceReply
method editMessageText chat_id Integer|String, message_id Integer, text String, parse_mode String, entities Array of MessageEntity, link_preview_options LinkPreviewOptions, reply_markup InlineKeyboardMarkup
method editMessageCaption chat_id Integer|String, message_id Integer, caption String, parse_mode String, caption_entities Array of MessageEntity, show_caption_above_media Boolean, reply_markup InlineKeyboardMarkup
method editMessageReplyMarkup chat_id Integer|String, message_id Integer, reply_markup InlineKeyboardMarkup
method deleteMessage chat_id! Integer|String, message_id! Integer
method sendChatAction chat_id! Integer|String, message_thread_id Integer, action! String
method answerCallbackQuery callback_query_id! String, text String, show_alert Boolean, url String, cache_time Integer

method getChat chat_id! Integer|String
method getChatMember chat_id! Integer|String, user_id! Integer
method getChatAdministrators chat_id! Integer|String
method getChatMemberCount chat_id! Integer|String
method leaveChat chat_id! Integer|String
method createForumTopic chat_id! Integer|String, name! String, icon_color Integer, icon_custom_emoji_id String
method closeForumTopic chat_id! Integer|String, message_thread_id! Integer
method reopenForumTopic chat_id! Integer|String, message_thread_id! Integer
method deleteForumTopic chat_id! Integer|String, message_thread_id! Integer

method setMyCommands commands! Array of BotCommand, scope BotCommandScope, language_code String
method getMyCommands scope BotCommandScope, language_code String
method deleteMyCommands scope BotCommandScope, language_code String
method setMyName name String, language_code String
method getMyName language_code String
method setMyDescription description String, language_code String
method getMyDescription language_code String
method setMyShortDescription short_description String, language_code String
method getMyShortDescription language_code String
method setMyDefaultAdministratorRights rights ChatAdministratorRights, for_channels Boolean
method getMyDefaultAdministratorRights for_channels Boolean
method setChatMenuButton chat_id Integer, menu_button MenuButton

object InlineKeyboardMarkup inline_keyboard! Array of Array of InlineKeyboardButton
object InlineKeyboardButton text! String, icon_custom_emoji_id String, style String, url String, callback_data String, web_app WebAppInfo, switch_inline_query String, switch_inline_query_current_chat String, copy_text CopyTextButton, pay Boolean
object CopyTextButton text! String
object WebAppInfo url! String
object ReplyKeyboardMarkup keyboard! Array of Array of KeyboardButton, is_persistent Boolean, resize_keyboard Boolean, one_time_keyboard Boolean, input_field_placeholder String, selective Boolean
object KeyboardButton text! String, icon_custom_emoji_id String, style String, request_users KeyboardButtonRequestUsers, request_chat KeyboardButtonRequestChat, request_contact Boolean, request_location Boolean, web_app WebAppInfo
object KeyboardButtonRequestUsers request_id! Integer, user_is_bot Boolean, user_is_premium Boolean, max_quantity Integer, request_name Boolean, request_username Boolean, request_photo Boolean
object KeyboardButtonRequestChat request_id! Integer, chat_is_channel! Boolean, chat_is_forum Boolean, chat_has_username Boolean, chat_is_created Boolean, user_administrator_rights ChatAdministratorRights, bot_administrator_rights ChatAdministratorRights, bot_is_member Boolean, request_title Boolean, request_username Boolean, request_photo Boolean
object ChatAdministratorRights is_anonymous! Boolean, can_manage_chat! Boolean, can_delete_messages! Boolean, can_manage_video_chats! Boolean, can_restrict_members! Boolean, can_promote_members! Boolean, can_change_info! Boolean, can_invite_users! Boolean, can_post_stories! Boolean, can_edit_stories! Boolean, can_delete_stories! Boolean, can_post_messages Boolean, can_edit_messages Boolean, can_pin_messages Boolean, can_manage_topics Boolean, can_manage_direct_messages Boolean, can_manage_tags Boolean
object ReplyKeyboardRemove remove_keyboard! Boolean, selective Boolean
object ForceReply force_reply! Boolean, input_field_placeholder String, selective Boolean
object LinkPreviewOptions is_disabled Boolean, url String, prefer_small_media Boolean, prefer_large_media Boolean, show_above_text Boolean
object ReplyParameters message_id! Integer, chat_id Integer|String, allow_sending_without_reply Boolean, quote String, quote_parse_mode String, quote_entities Array of MessageEntity, quote_position Integer
object MessageEntity type! String, offset! Integer, length! Integer, url String, user User, language String, custom_emoji_id String, unix_time Integer, date_time_format String
object User id! Integer, is_bot! Boolean, first_name! String, last_name String, username String, language_code String

object BotCommand command! String, description! String
object BotCommandScope
object BotCommandScopeDefault type! String
object BotCommandScopeAllPrivateChats type! String
object BotCommandScopeAllGroupChats type! String
object BotCommandScopeAllChatAdministrators type! String
object BotCommandScopeChat type! String, chat_id! Integer|String
object BotCommandScopeChatAdministrators type! String, chat_id! Integer|String
object BotCommandScopeChatMember type! String, chat_id! Integer|String, user_id! Integer
object MenuButton
object MenuButtonCommands type! String
object MenuButtonDefault type! String
object MenuButtonWebApp type! String, text! String, web_app! WebAppInfo
`

// variants are the objects that an abstract one stands for, by the value of "type".
var variants = map[string]map[string]string{
	"BotCommandScope": {
		"default": "BotCommandScopeDefault", "all_private_chats": "BotCommandScopeAllPrivateChats",
		"all_group_chats": "BotCommandScopeAllGroupChats", "all_chat_administrators": "BotCommandScopeAllChatAdministrators",
		"chat": "BotCommandScopeChat", "chat_administrators": "BotCommandScopeChatAdministrators",
		"chat_member": "BotCommandScopeChatMember",
	},
	"MenuButton": {"commands": "MenuButtonCommands", "default": "MenuButtonDefault", "web_app": "MenuButtonWebApp"},
}

// enums are the values that a string field may have; the Bot API documents them in prose only.
var enums = map[string][]string{
	"InlineKeyboardButton.style": {"danger", "success", "primary"},
	"KeyboardButton.style":       {"danger", "success", "primary"},
	"sendMessage.parse_mode":     {"HTML"},
	"sendPhoto.parse_mode":       {"HTML"},
	"editMessageText.parse_mode": {"HTML"}, "editMessageCaption.parse_mode": {"HTML"},
	"sendChatAction.action": {"typing", "upload_photo", "record_video", "upload_video", "record_voice", "upload_voice",
		"upload_document", "choose_sticker", "find_location", "record_video_note", "upload_video_note"},
}

// field is a parameter of a method or a member of an object.
type field struct {
	types    []string // as in the documentation: "Integer", "Array of String", an object's name
	required bool
}

// schema maps a method or object to its fields.
type schema struct {
	methods, objects map[string]map[string]field
}

var botAPI = sync.OnceValue(func() schema {
	s := schema{methods: map[string]map[string]field{}, objects: map[string]map[string]field{}}
	for line := range strings.Lines(schemaText) {
		kind, rest, _ := strings.Cut(strings.TrimSpace(line), " ")
		name, list, _ := strings.Cut(rest, " ")
		switch kind {
		case "method":
			s.methods[name] = parseFields(list)
		case "object":
			s.objects[name] = parseFields(list)
		}
	}
	return s
})

func parseFields(list string) map[string]field {
	fields := map[string]field{}
	if list == "" {
		return fields
	}
	for _, one := range strings.Split(list, ", ") {
		name, types, _ := strings.Cut(one, " ")
		plain, required := strings.CutSuffix(name, "!")
		fields[plain] = field{types: strings.Split(types, "|"), required: required}
	}
	return fields
}
