package bot

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"time"

	"wirewatch/bot/telegram"
	"wirewatch/store"
)

// pictureTime is what the download of a picture gets that Telegram could not fetch.
const pictureTime = 4 * time.Second

// captionBudget is what the caption of a picture may cost.
var captionBudget = cost{telegram.MaxCaption - noteRoom, budget.entities, budget.payload, budget.raw}

// picture is the picture with which an alert comes; nil none. What asks an editor
// comes without: its buttons change the text.
func (v view) picture(d store.Delivery) *telegram.Picture {
	if !v.pictures || d.Subject != 0 {
		return nil
	}
	if address := linkable(d.Article.Item.Image); address != "" {
		return &telegram.Picture{URL: address}
	}
	return nil
}

// otherPicture is a page whose picture Telegram did not take, as a second try: first
// with the picture uploaded, then without. Telegram remembers for days that it could
// not fetch an address. nil when the refusal is not about the picture.
func (c *Courier) otherPicture(ctx context.Context, p page, kind telegram.Kind) *page {
	switch {
	case p.picture == nil:
		return nil
	case kind == telegram.BadMedia && p.picture.Data == nil && c.o.Picture != nil:
		ctx, cancel := context.WithTimeout(ctx, pictureTime)
		defer cancel()
		data, err := c.o.Picture(ctx, p.picture.URL)
		if err == nil {
			err = checkPicture(data)
		}
		if err == nil {
			p.picture = &telegram.Picture{URL: p.picture.URL, Data: data}
			return &p
		}
		c.o.Log.Info("no picture", "url", p.picture.URL, "err", err)
	case kind != telegram.BadMedia && kind != telegram.BadRequest && kind != telegram.TooLong:
		return nil
	}
	p.picture = nil
	return &p
}

// pictureTypes are those that Telegram takes as photos.
var pictureTypes = []string{"image/jpeg", "image/png", "image/webp"}

// checkPicture says why a download is no picture to upload.
func checkPicture(data []byte) error {
	if len(data) > telegram.MaxPicture {
		return fmt.Errorf("%d bytes are more than Telegram takes", len(data))
	}
	if kind := http.DetectContentType(data); !slices.Contains(pictureTypes, kind) {
		return fmt.Errorf("it is %s", kind)
	}
	return nil
}

// turned is an edited page with its text where the message has it: with or without a
// picture.
func (p page) turned() *page {
	p.wasTurned = true
	if p.picture != nil {
		p.picture = nil
		return &p
	}
	p.picture = &telegram.Picture{}
	if !p.plain && !measure(p.html).within(captionBudget) {
		p.html, p.plain = plain(p.html, telegram.MaxCaption), true
	}
	return &p
}

// pictureButton turns the pictures of a chat on or off.
func (t *turn) pictureButton(on bool) telegram.Button {
	if on {
		return t.button("pictures.button.off", t.setting("pictures", 0))
	}
	return t.button("pictures.button.on", t.setting("pictures", 1))
}

// setPictures says whether alerts come with pictures.
func (t *turn) setPictures(ctx context.Context, on bool) error {
	if err := t.change(ctx, func(c *store.Chat) { c.Pictures = on }); err != nil {
		return err
	}
	key := "pictures.off"
	if on {
		key = "pictures.on"
	}
	return t.showSettings(ctx, t.l.H(key))
}
